using Warder.Core.Receipts;
using Warder.Engine.Replicas.Leases;

namespace Warder.Server.Tests.Replicas;

/// <summary>What nodes leave each other about their replicas is as long as it may be.</summary>
public sealed class ReplicaAckStateTests
{
    [Fact]
    public void Lapses_without_number_are_written_in_a_bounded_line_and_none_is_left_out()
    {
        var lapses = Enumerable.Range(1, 10_000).Select(static number => (First: number * 10L, Last: (number * 10L) + 2)).ToList();
        var written = ReplicaAckState.Write([new ReplicaAckState(1, "replica_01K00000000000000000000000", new string('n', 64), 0, long.MaxValue, lapses)]);
        Assert.InRange(written.Length, 1, 1_000);
        var read = Assert.Single(ReplicaAckState.Read(written));
        Assert.All(lapses, lapse => Assert.Equal(Outcome.LeaseRanOut, read.At(lapse.Last, "node")!.Outcome));
        Assert.Equal(Outcome.Acknowledged, read.At(lapses[^1].First - 1, "node")!.Outcome);
        Assert.Equal(Outcome.Acknowledged, read.At(lapses[^1].Last + 1, "node")!.Outcome);
        Assert.Equal(lapses[..16], ReplicaAckState.Read(ReplicaAckState.Write([read with { Lapses = lapses[..16] }])).Single().Lapses);
    }
}
