using System.Text;
using Microsoft.Extensions.Logging;

namespace Warder.Server.Telemetry;

/// <summary>
/// Writes log lines to standard output by a thread of its own. No caller waits: a line that finds its queue full is dropped and counted.
/// Access lines have a queue of their own, so that a flood of requests drops no other line.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LogOutput : IDisposable
{
    private const int MostLines = 4_096;
    private const int LinesAWrite = 256;
    private const string OwnCategory = "Warder.Server.Telemetry.Log";

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Queue<string> lines = new();
    private readonly Queue<string> accessLines = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly LogFormat format;
    private readonly Stream? stream;
    private readonly Thread thread;
    private long dropped;
    private long droppedInAll;
    private volatile bool stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="format">The format of the line that counts dropped lines.</param>
    /// <param name="stream">The output; null: the console's.</param>
    public LogOutput(LogFormat format, Stream? stream = null)
    {
        (this.format, this.stream) = (format, stream);
        thread = new Thread(Run) { IsBackground = true, Name = "log" };
        thread.Start();
    }

    /// <summary>The number of dropped lines.</summary>
    public long Dropped => Volatile.Read(ref droppedInAll);

    /// <summary>Queues a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="isAccess">Whether the line is one of the access log.</param>
    public void Write(string line, bool isAccess)
    {
        lock (gate)
        {
            var queue = isAccess ? accessLines : lines;
            if (queue.Count >= MostLines)
            {
                dropped++;
                droppedInAll++;
                return;
            }

            queue.Enqueue(line);
            // One permit suffices: the thread takes all lines that are queued.
            if (lines.Count + accessLines.Count > 1)
                return;
        }

        arrived.Release();
    }

    /// <summary>Writes the queued lines, and stops. A reader of the output that has stopped delays this for two seconds at most.</summary>
    public void Dispose()
    {
        stopping = true;
        arrived.Release();
        // The thread may still be in a write: then the semaphore is left to the garbage collector.
        if (thread.Join(FlushTimeout))
            arrived.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            // The last line's permit may be taken before the line is seen: the loop below takes what is there.
            arrived.Wait();
            while (Take() is { } text)
                Print(text);
            if (stopping)
                return;
        }
    }

    private string? Take()
    {
        var text = new StringBuilder();
        lock (gate)
        {
            for (var i = 0; i < LinesAWrite && (lines.TryDequeue(out var line) || accessLines.TryDequeue(out line)); i++)
                text.Append(line).Append('\n');
            if (dropped > 0)
            {
                var message = $"{dropped} lines were dropped, because standard output did not take them";
                text.Append(format.Line(LogLevel.Warning, OwnCategory, message, null, null)).Append('\n');
                dropped = 0;
            }
        }

        return text.Length == 0 ? null : text.ToString();
    }

    private void Print(string text)
    {
        try
        {
            if (stream is not null)
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                return;
            }

            Console.Out.Write(text);
            Console.Out.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The reader of the output has ended. The server goes on without a log.
        }
    }
}
