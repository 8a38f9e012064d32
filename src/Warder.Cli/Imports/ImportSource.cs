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
/// Reads the keys to import from JSON lines or one JSON array. It streams them, so that a file of any length fits in memory. An unknown
/// member is an error, as on the server: a mistyped <c>expires_at</c> would make a key that never ends.
/// </summary>
/// <remarks>One reading at a time. Standard input is kept in a temporary file, because an import reads its records twice.</remarks>
internal sealed class ImportSource : IAsyncDisposable
{
    private readonly FileStream file;
    private readonly string path;

    private readonly DirectoryInfo? folder;

    private ImportSource(FileStream file, string path, DirectoryInfo? folder = null)
        => (this.file, this.path, this.folder) = (file, path, folder);

    private static readonly WarderJson Strict = new(new JsonSerializerOptions(WarderJson.Wire.Options)
    {
        TypeInfoResolver = null,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    });

    /// <summary>Opens a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static async Task<ImportSource> OpenAsync(Shell shell, string path, CancellationToken cancellationToken)
    {
        if (path != "-")
            return new ImportSource(Open(Path.Combine(shell.Directory, path)), path);
        var folder = System.IO.Directory.CreateTempSubdirectory("warder-import-");
        var copy = new FileStream(Path.Combine(folder.FullName, "records"), FileMode.CreateNew, FileAccess.ReadWrite);
        var source = new ImportSource(copy, path, folder);
        await shell.In.CopyToAsync(copy, cancellationToken);
        return source;
    }

    /// <summary>Reads the records in their order, from the first.</summary>
    /// <exception cref="UsageException">A record is not valid; the message has its number from 1.</exception>
    public async IAsyncEnumerable<ImportedKey> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        file.Position = 0;
        var pipe = PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true));
        var isArray = await FirstByteAsync(pipe, cancellationToken) == '[';
        await using var records = JsonSerializer
            .DeserializeAsyncEnumerable(pipe, Strict.JsonElement, topLevelValues: !isArray, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        for (var number = 1L; await NextAsync(records, path); number++)
            yield return Read(records.Current, path, number);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        folder?.Delete(recursive: true);
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

    // Reads ahead without consuming. A file of keys has its first byte that is not white space within the first read.
    private static async Task<byte> FirstByteAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        var read = await pipe.ReadAsync(cancellationToken);
        var start = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, 4096)).ToArray();
        pipe.AdvanceTo(read.Buffer.Start);
        return Array.Find(start, value => value is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'));
    }

    // The parser reads ahead, so it can find malformed JSON several records early. The message has the line, not a record number.
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
            throw new UsageException($"{Name(path)}: record {number} is not valid: {exception.Message}");
        }
    }
}
