using Microsoft.Extensions.Logging.Abstractions;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Replicas;
using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Client.Replicas;

/// <summary>
/// Takes over all keys of the environment, page by page, beside the stream: whenever memory has begun anew. What changes meanwhile is told
/// by the stream, and what is older is not kept.
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

    /// <summary>Ends when memory was filled for the first time; fails when the management key may not.</summary>
    public Task First => first.Task;

    /// <summary>Fills memory in the background, unless it is full or being filled.</summary>
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
            var connection = new Connection(http, new WarderClientOptions { BaseAddress = node, ManagementKey = options.ManagementKey, AllowInsecure = options.AllowInsecure }, entropy, NullLogger.Instance);
            var generation = memory.Generation;
            for (string? after = null; ;)
            {
                var call = Call.Get(new Target("replicas/keys").With("after", after).ToString());
                var page = await connection.SendAsync(call, WarderJson.Wire.PreloadedKeys, stopping.Token);
                after = page.After;
                if (!page.Data.All(each => memory.Preload(Convert.FromHexString(each.ValueSha256), KeyReader.Read(each.Key))) || after is null)
                    break;
            }

            loaded = generation;
            first.TrySetResult();
        }
        catch (Exception e)
        {
            // What is not preloaded is asked for when it is presented.
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
