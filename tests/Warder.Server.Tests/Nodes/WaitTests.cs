using Warder.Core.Leases;
using Warder.Server.Nodes;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Server.Tests.Nodes;

public sealed class WaitTests
{
    private const long Since = 1_000_000;
    private const long Allowance = 70_000;

    private static readonly LeaseTerms Terms = LeaseTerms.Default;

    [Fact]
    public void It_is_over_when_every_node_has_acknowledged_it()
    {
        var wait = Begin(1, 2);
        wait.Strike(new Dictionary<long, long> { [1] = 5, [2] = 4 });
        Assert.False(wait.IsOver);
        wait.Strike(new Dictionary<long, long> { [1] = 5, [2] = 9 });
        Assert.True(wait.IsOver);
    }

    [Fact]
    public void Who_is_fenced_or_gone_is_waited_for_no_more()
    {
        var wait = Begin(1, 2);
        wait.Strike(new Dictionary<long, long> { [2] = 0, [3] = 9 });
        Assert.False(wait.IsOver);
        wait.Strike([]);
        Assert.True(wait.IsOver);
    }

    [Fact]
    public void Who_answers_nothing_is_waited_for_until_its_lease_must_be_over_and_not_less()
    {
        var wait = Begin(1);
        Assert.Empty(wait.Overdue(Since + Terms.WaiterMicroseconds + Allowance - 1));
        Assert.False(wait.IsOver);
        Assert.Equal([1], wait.Overdue(Since + Terms.WaiterMicroseconds + Allowance));
        Assert.True(wait.IsOver);
    }

    [Fact]
    public void Each_node_is_waited_for_by_the_length_of_its_own_lease()
    {
        var wait = new Wait(Batch(new RegisteredNode(1, 500), new RegisteredNode(2, 60_000)), Since, 0);
        Assert.Equal([1], wait.Overdue(Since + new LeaseTerms(500).WaiterMicroseconds));
        Assert.False(wait.IsOver);
        Assert.Equal([2], wait.Overdue(Since + new LeaseTerms(60_000).WaiterMicroseconds));
    }

    private static Wait Begin(params IEnumerable<long> epochs)
        => new(Batch([.. epochs.Select(epoch => new RegisteredNode(epoch, Terms.Milliseconds))]), Since, Allowance);

    private static CommittedBatch Batch(params RegisteredNode[] nodes) => new([], new LogPosition(5, [])) { Nodes = nodes };
}
