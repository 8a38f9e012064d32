using System.Text;
using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Secrets;
using Warder.Storage;

namespace Warder.Engine.Watermarks;

/// <summary>The file of a node's watermark, beside its root key.</summary>
/// <remarks>Thread-safe. A write replaces the file at once: after a crash it holds the old watermark or the new one.</remarks>
internal sealed class WatermarkFile(string path)
{
    private const int MostBytes = 1_024;

    private readonly Lock writing = new();
    private (long Sequence, long UnixMilliseconds) written;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Reads the watermark.</summary>
    /// <returns>Null: there is no file yet.</returns>
    /// <exception cref="StorageException">The file cannot be read, or is no watermark.</exception>
    public Watermark? Read()
    {
        if (!File.Exists(Path))
            return null;
        ProtectedPath.RequireNamedFile(Path);
        string text;
        try
        {
            text = new FileInfo(Path).Length > MostBytes ? "" : File.ReadAllText(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageFaultKind.Unavailable, $"The watermark {Path} cannot be read: {e.Message}", e);
        }

        return Watermark.Parse(text) ?? throw new StorageException(
            StorageFaultKind.Damaged,
            $"{Path} is no watermark, so that an older database would not be noticed. If you are sure that the database is the newest,"
            + " delete that file and start again.");
    }

    /// <summary>Writes a watermark, unless a later one was written.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(Watermark mark)
    {
        lock (writing)
        {
            if ((mark.Sequence, mark.Time.UnixMilliseconds).CompareTo(written) <= 0)
                return;
            DataDirectory.WriteSecret(Path, Encoding.UTF8.GetBytes(mark.ToString()));
            written = (mark.Sequence, mark.Time.UnixMilliseconds);
        }
    }

    /// <summary>Reads the watermark that the log has reached.</summary>
    /// <param name="session">A snapshot of the database.</param>
    /// <param name="now">A time before the read of the database.</param>
    /// <returns>Null: the log is empty.</returns>
    public static Watermark? Of(Session session, Instant now)
        => Log.Instance(session) is { } instance && Log.Head(session) is { Sequence: > 0 } head
            ? new Watermark(Convert.ToHexStringLower(instance), head.Sequence, Convert.ToHexStringLower(head.Hash), now)
            : null;
}
