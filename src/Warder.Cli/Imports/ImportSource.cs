using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Warder.Cli.Shells;
using Warder.Contracts;
using Warder.Contracts.Keys;

namespace Warder.Cli.Imports;

/// <summary>
/// Reads the keys to import: JSON lines or one array, streamed, so that a file of any length fits. A member that is not known is an error
/// here as on the server: a mistyped <c>expires_at</c> must not make a key that never ends.
/// </summary>
internal static class ImportSource
{
    private static readonly WarderJson Strict = new(new JsonSerializerOptions(WarderJson.Wire.Options)
    {
        TypeInfoResolver = null,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    });

    /// <summary>The records in their order.</summary>
    /// <exception cref="UsageException">The file cannot be read, or a record is none: says which, the first being 1.</exception>
    public static async IAsyncEnumerable<ImportedKey> ReadAsync(
        Shell shell, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = path == "-" ? null : Open(Path.Combine(shell.Directory, path));
        var pipe = PipeReader.Create(file ?? shell.In, new StreamPipeReaderOptions(leaveOpen: true));
        var isArray = await FirstByteAsync(pipe, cancellationToken) == '[';
        await using var records = JsonSerializer
            .DeserializeAsyncEnumerable(pipe, Strict.JsonElement, topLevelValues: !isArray, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        for (var number = 1L; await NextAsync(records, path); number++)
            yield return Read(records.Current, path, number);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {exception.Message}");
        }
    }

    private static string Name(string path) => path == "-" ? "standard input" : path;

    // Looks without consuming; what does not fit into one read begins with too many blanks to be a file of keys.
    private static async Task<byte> FirstByteAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        var read = await pipe.ReadAsync(cancellationToken);
        var start = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, 4096)).ToArray();
        pipe.AdvanceTo(read.Buffer.Start);
        return Array.Find(start, value => value is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'));
    }

    // Values are read ahead, so what is not even JSON is found before its turn: its line says where, not its number.
    private static async Task<bool> NextAsync(IAsyncEnumerator<JsonElement> records, string path)
    {
        try
        {
            return await records.MoveNextAsync();
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{Name(path)} is not JSON: {exception.Message}");
        }
    }

    private static ImportedKey Read(JsonElement record, string path, long number)
    {
        try
        {
            return record.Deserialize(Strict.ImportedKey) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{Name(path)}: record {number} is not as it should be: {exception.Message}");
        }
    }
}
