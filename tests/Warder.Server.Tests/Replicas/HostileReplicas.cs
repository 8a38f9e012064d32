using System.Collections.Concurrent;
using System.Net.WebSockets;
using Warder.Protocol;

namespace Warder.Server.Tests.Replicas;

/// <summary>Replicas of one management key that take leases, a new identity every 0.4 s, and acknowledge late or never.</summary>
internal sealed class HostileReplicas : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<RawReplica> replicas = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<Task> late = [];
    private readonly Task running;
    private int leases;
    private LeaseRefusal? refusal;

    private HostileReplicas(string[] addresses, string key, TimeSpan? acknowledgeAfter) => running = Run(addresses, key, acknowledgeAfter);

    /// <summary>The number of leases granted.</summary>
    public int Leases => Volatile.Read(ref leases);

    /// <summary>The last refusal; null when every lease was granted.</summary>
    public LeaseRefusal? Refusal => Volatile.Read(ref refusal);

    /// <summary>Starts the replicas; returns once the first has a lease.</summary>
    /// <param name="key">Their management key.</param>
    /// <param name="acknowledgeAfter">The delay between an event and its acknowledgement; null: never.</param>
    /// <param name="addresses">The nodes to follow, in turn.</param>
    public static async Task<HostileReplicas> StartAsync(string key, TimeSpan? acknowledgeAfter, params string[] addresses)
    {
        var attack = new HostileReplicas(addresses, key, acknowledgeAfter);
        await attack.ready.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return attack;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        foreach (var replica in replicas)
            await replica.DisposeAsync();
        await Task.WhenAll(late);
        stopping.Dispose();
    }

    private async Task Run(string[] addresses, string key, TimeSpan? acknowledgeAfter)
    {
        for (var i = 0; !stopping.IsCancellationRequested; i++)
        {
            try
            {
                var replica = await RawReplica.ConnectAsync(addresses[i % addresses.Length], key);
                replicas.Add(replica);
                if (await replica.RequestLease(RawReplica.NewIdentity()) is LeaseRefusal refused)
                {
                    Volatile.Write(ref refusal, refused);
                }
                else if (Interlocked.Increment(ref leases) >= addresses.Length)
                {
                    ready.TrySetResult();
                }

                if (acknowledgeAfter is { } delay)
                    late.Add(Acknowledge(replica, delay));
                await Task.Delay(Period, stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or WebSocketException)
            {
                // The attack has stopped, or the node refused the connection.
            }
        }
    }

    private async Task Acknowledge(RawReplica replica, TimeSpan delay)
    {
        try
        {
            while (await replica.Receive() is { } message)
            {
                if (message is not LogDelta news)
                    continue;
                await Task.Delay(delay, stopping.Token);
                await replica.Send(new Acknowledgement(news.Place.Sequence));
            }
        }
        catch (Exception)
        {
            // The connection is over.
        }
    }
}
