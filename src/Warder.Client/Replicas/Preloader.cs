using Microsoft.Extensions.Logging.Abstractions;
using Warder.Client.Transport;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Protocol;

namespace Warder.Client.Replicas;

/// <summary>
/// Reads all keys of the environment into memory, page by page, beside the stream, each time that memory was cleared. The stream delivers
/// changes meanwhile; memory drops a page's key that is older than its state.
/// </summary>
internal sealed class Preloader(WarderVerifierOptions options, ReplicaMemory memory, Entropy entropy) : IDisposable
{
    private const long RetryMicroseconds = 10_000_000;

    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int running;
    private int loaded;
    private long notBeforeMicroseconds;

    /// <summary>Completes when memory is filled for the first time; fails when the management key lacks the right.</summary>
    public Task First => first.Task;

    /// <summary>Fills memory in the background, unless memory is full or a fill runs.</summary>
    public void Ensure(Uri node)
    {
        if (loaded == memory.Generation || Clock.BootMicroseconds() < notBeforeMicroseconds || Interlocked.Exchange(ref running, 1) != 0)
            return;
        _ = Load(node);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
        http.Dispose();
    }

    private async Task Load(Uri node)
    {
        try
        {
            var connection = new Connection(
                http,
                new WarderClientOptions
                {
                    BaseAddress = node,
                    ManagementKey = options.ManagementKey,
                    AllowInsecure = options.AllowInsecure
                },
                entropy, NullLogger.Instance);
            var generation = memory.Generation;
            for (string? after = null; ;)
            {
                var call = Call.Get(new Target("replicas/keys").With("after", after).ToString());
                var page = await connection.SendAsync(call, ProtocolJson.Wire.PreloadedKeys, stopping.Token);
                after = page.After;
                if (!page.Data.All(each => memory.Preload(Convert.FromHexString(each.ValueSha256), KeyReader.Read(each.Key)))
                    || after is null)
                    break;
            }

            loaded = generation;
            first.TrySetResult();
        }
        catch (Exception e)
        {
            // A key that was not preloaded is looked up when it is presented.
            notBeforeMicroseconds = Clock.BootMicroseconds() + RetryMicroseconds;
            if (e is WarderException { Status: 401 or 403 })
                first.TrySetException(e);
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }
}
