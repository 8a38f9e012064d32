using Warder.Client.Replicas;
using Warder.Core.Secrets;
using Warder.Protocol;

namespace Warder.Client.Tests.Replicas;

/// <summary>The messages of a replica when a node closes its stream, or reads no more.</summary>
public sealed class StreamTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_replica_whose_stream_is_closed_releases_its_lease_at_once_and_reports_over_the_next_connection()
    {
        // Two messages of uses, and the first not due for seconds.
        const int Keys = 1_500;
        using var node = new ScriptedNode();
        await using var verifier = Follow(node);
        using (var first = await node.AcceptAsync())
        {
            var seen = first.Until<LeaseRelease>();
            await Use(verifier, Keys);
            await first.Send(new StreamClose(CloseReasons.Stopping));
            Assert.IsType<LeaseRelease>((await seen)[^1]);
            Assert.DoesNotContain(await seen, static message => message is KeyUses or DecisionReport);
        }

        using var second = await node.AcceptAsync();
        var reported = new HashSet<string>();
        while (reported.Count < Keys)
            reported.UnionWith(Assert.IsType<KeyUses>((await second.Until<KeyUses>())[^1]).Uses.Select(static use => use.Id));
    }

    [Fact]
    public async Task From_a_node_that_takes_nothing_any_more_it_goes_to_another()
    {
        const int Keys = 15_000;
        using var frozen = new ScriptedNode(isNarrow: true);
        using var other = new ScriptedNode();
        await using var verifier = Follow(frozen, other);
        using var connection = await frozen.AcceptAsync();
        // From the first report after the look-ups on, the node does not read: the replica's reports exceed the bytes that may be in
        // flight, as all keys were used shortly before.
        var use = Use(verifier, Keys);
        var reading = connection.Until<DecisionReport>(after: use);
        await use;
        while (!reading.IsCompleted)
        {
            UseAgain(verifier, Keys);
            await Task.Delay(50);
        }

        Assert.IsType<DecisionReport>((await reading)[^1]);
        using var next = await other.AcceptAsync();
        Assert.IsType<Acknowledgement>((await next.Until<Acknowledgement>())[^1]);
    }

    private static WarderVerifier Follow(params ScriptedNode[] nodes)
        => new(new WarderVerifierOptions { Nodes = [.. nodes.Select(static node => node.Address)], ManagementKey = "wdrm_test" });

    // Each is looked up once, and answered from memory from then on.
    private static async Task Use(WarderVerifier verifier, int keys)
    {
        await verifier.WaitUntilReadyAsync().WaitAsync(Soon);
        foreach (var some in Enumerable.Range(0, keys).Chunk(100))
            await Task.WhenAll(
                some.Select(async key => Assert.True((await verifier.ValidateAsync(new SecretString($"wdr_live_{key}"))).IsAllowed)));
        UseAgain(verifier, 1);
    }

    private static void UseAgain(WarderVerifier verifier, int keys)
    {
        for (var key = 0; key < keys; key++)
            Assert.True(verifier.TryValidate($"wdr_live_{key}", RequiredPermissions.None, out var hit) && hit.IsAllowed);
    }
}
