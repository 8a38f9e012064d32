using System.Globalization;
using Warder.Cli.Shells;
using Warder.Client;
using Warder.Client.Keys;
using Warder.Contracts.Errors;
using Warder.Contracts.Keys;

namespace Warder.Cli.Imports;

/// <summary>
/// Checks all records, and then sends them in batches. The server accepts a batch whole or not at all. When it refuses a batch because keys
/// are present, the run
/// sends the batch again without them: it finds them by the fields in the refusal, or by halving. So an interrupted import can run again.
/// </summary>
/// <remarks>One run, one caller.</remarks>
internal sealed class ImportRun(KeysClient keys, ImportScheme scheme, Shell shell)
{
    private const int BatchSize = 100;
    private const int MostErrors = 100;
    private const string Field = "api_keys[";

    /// <summary>The number of new keys.</summary>
    public long Imported { get; private set; }

    /// <summary>The number of keys that were present, or appeared twice in the file.</summary>
    public long Skipped { get; private set; }

    /// <summary>Checks all records by dry runs of the server; writes nothing.</summary>
    /// <exception cref="WarderException">The server refuses records. The fields name the first hundred by their numbers.</exception>
    public async Task CheckAsync(IAsyncEnumerable<ImportedKey> records, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        WarderException? first = null;
        var (bad, number) = (0L, 0L);
        await foreach (var batch in records.Select(record => (Number: ++number, Key: record)).Chunk(BatchSize)
            .WithCancellation(cancellationToken))
        {
            try
            {
                await keys.PreviewImportAsync(
                    new ImportKeysRequest { Scheme = scheme, ApiKeys = [.. batch.Select(record => record.Key)] }, cancellationToken);
            }
            catch (WarderException exception) when (exception.Code == "api_key_already_imported")
            {
                // The run skips these keys.
            }
            catch (WarderException exception) when (exception.Errors.Any(error => Index(error.Field) >= 0))
            {
                first ??= exception;
                bad += exception.Errors.Select(error => Index(error.Field)).Distinct().Count();
                errors.AddRange(exception.Errors.Take(MostErrors - errors.Count).Select(error => ByRecord(error, batch)));
            }
        }

        if (first is not null)
            throw new WarderException(
                first.Status, first.Code, $"{bad} of {number} records cannot be imported. Nothing was imported.", first)
            {
                Errors = errors, RequestId = first.RequestId,
            };
    }

    /// <summary>Sends all records.</summary>
    /// <exception cref="WarderException">
    /// The server refused a record that it had accepted in the check; earlier batches stay imported. The fields contain its number.
    /// </exception>
    public async Task RunAsync(IAsyncEnumerable<ImportedKey> records, CancellationToken cancellationToken)
    {
        var batch = new List<(long Number, ImportedKey Key)>(BatchSize);
        var digests = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var number = 0L;
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            number++;
            if (!digests.Add(record.ValueSha256))
            {
                Skipped++;
                continue;
            }

            batch.Add((number, record));
            if (batch.Count < BatchSize)
                continue;
            await SendAsync(batch, cancellationToken);
            batch.Clear();
            digests.Clear();
            Progress();
        }

        if (batch.Count > 0)
            await SendAsync(batch, cancellationToken);
        Progress();
        if (shell.IsErrorTerminal)
            shell.Error.WriteLine();
    }

    private async Task SendAsync(IReadOnlyList<(long Number, ImportedKey Key)> batch, CancellationToken cancellationToken)
    {
        try
        {
            var request = new ImportKeysRequest { Scheme = scheme, ApiKeys = [.. batch.Select(record => record.Key)] };
            await keys.ImportAsync(request, cancellationToken: cancellationToken);
            Imported += batch.Count;
            return;
        }
        catch (WarderException exception) when (exception.Code != "api_key_already_imported")
        {
            throw new WarderException(exception.Status, exception.Code, exception.Message, exception)
            {
                Errors = [.. exception.Errors.Select(error => ByRecord(error, batch))],
                RequestId = exception.RequestId,
            };
        }
        catch (WarderException exception)
        {
            var present = exception.Errors.Select(error => Index(error.Field))
                .Where(index => index >= 0 && index < batch.Count).ToHashSet();
            if (present.Count == 0 && batch.Count == 1)
                present.Add(0);
            Skipped += present.Count;
            if (present.Count > 0)
            {
                var absent = batch.Where((_, index) => !present.Contains(index)).ToArray();
                if (absent.Length > 0)
                    await SendAsync(absent, cancellationToken);
                return;
            }
        }

        await SendAsync([.. batch.Take(batch.Count / 2)], cancellationToken);
        await SendAsync([.. batch.Skip(batch.Count / 2)], cancellationToken);
    }

    private static FieldError ByRecord(FieldError error, IReadOnlyList<(long Number, ImportedKey Key)> batch)
    {
        var index = Index(error.Field);
        if (index < 0 || index >= batch.Count)
            return error;
        var rest = error.Field[(error.Field.IndexOf(']', StringComparison.Ordinal) + 1)..].TrimStart('.');
        return error with { Field = $"record {batch[index].Number}{(rest.Length > 0 ? ", " + rest : "")}" };
    }

    /// <summary>Returns the index in a field: 3 for <c>api_keys[3].name</c>; -1 for another field.</summary>
    private static int Index(string field)
    {
        var end = field.IndexOf(']', StringComparison.Ordinal);
        return field.StartsWith(Field, StringComparison.Ordinal) && end > 0
            && int.TryParse(field.AsSpan(Field.Length, end - Field.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : -1;
    }

    private void Progress()
    {
        if (shell.IsErrorTerminal)
            shell.Error.Write($"\rImported {Imported}, skipped {Skipped}");
    }
}
