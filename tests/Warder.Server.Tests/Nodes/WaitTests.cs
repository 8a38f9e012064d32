using Warder.Core.Leases;
using Warder.Core.Receipts;
using Warder.Engine.Nodes;
using Warder.Engine.Replicas.Leases;
using Warder.Server.Nodes;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Server.Tests.Nodes;

public sealed class WaitTests
{
    private const long Since = 1_000_000;
    private const long Allowance = 70_000;

    private static readonly EnvironmentScope One = new(1);
    private static readonly LeaseTerms Terms = LeaseTerms.Default;

    [Fact]
    public void It_is_over_when_every_node_has_acknowledged_it()
    {
        var wait = Begin(1, 2);
        wait.MarkAcked(Said((1, 5), (2, 4)));
        Assert.False(wait.IsPast(One));
        wait.MarkAcked(Said((1, 5), (2, 9)));
        Assert.True(wait.IsPast(One));
    }

    [Fact]
    public void Who_is_fenced_or_gone_is_waited_for_no_more()
    {
        var wait = Begin(1, 2);
        wait.MarkAcked(Said((2, 0), (3, 9)));
        Assert.False(wait.IsPast(One));
        wait.MarkAcked([]);
        Assert.True(wait.IsPast(One));
    }

    [Fact]
    public void Who_answers_nothing_is_waited_for_until_its_lease_must_be_over_and_not_less()
    {
        var wait = Begin(1);
        Assert.Empty(wait.Overdue(Since + Terms.WaiterMicroseconds + Allowance - 1));
        Assert.False(wait.IsPast(One));
        Assert.Equal([1], wait.Overdue(Since + Terms.WaiterMicroseconds + Allowance));
        wait.Expire(1, Outcome.LeaseRanOut);
        Assert.True(wait.IsPast(One));
    }

    [Fact]
    public void Each_node_is_waited_for_by_the_length_of_its_own_lease()
    {
        var wait = new ClusterPropagation(Batch(Registered(1, 500), Registered(2, 60_000)), Since, 0);
        Assert.Equal([1], wait.Overdue(Since + new LeaseTerms(500).WaiterMicroseconds));
        wait.Expire(1, Outcome.LeaseRanOut);
        Assert.False(wait.IsPast(One));
        Assert.Equal([2], wait.Overdue(Since + new LeaseTerms(60_000).WaiterMicroseconds));
    }

    [Fact]
    public void It_says_of_each_how_it_came_to_be_past_the_change()
    {
        var wait = Begin(1, 2, 3, 4);
        Assert.All(wait.Verifiers(1), line => Assert.Equal(Outcome.Waiting, line.Outcome));
        wait.MarkAcked(Said((1, 5), (3, 0), (4, 0)));
        wait.Expire(3, Outcome.LeaseRanOut);
        wait.Expire(4, Outcome.RenewedPast);
        Assert.Equal(
            [
                new VerifierLine("node_1", "name 1", null, Outcome.Acknowledged), new VerifierLine("node_2", "name 2", null, Outcome.LeaseRanOut),
                new VerifierLine("node_3", "name 3", null, Outcome.LeaseRanOut), new VerifierLine("node_4", "name 4", null, Outcome.RenewedPast),
            ],
            wait.Verifiers(1));
    }

    [Fact]
    public void Replicas_of_other_nodes_are_named_as_their_nodes_noted_and_end_with_them()
    {
        var wait = Begin(1, 2);
        wait.MarkAcked(new() { [1] = new(5, ReplicaAcks.Read("1")), [2] = new(0, ReplicaAcks.Read("1:0")) });
        wait.Expire(2, Outcome.LeaseRanOut);
        Assert.True(wait.NeedsStates(One));
        var notes = new[]
        {
            new ReplicaAckState(1, "replica_a", "a b", 1, long.MaxValue, []), new ReplicaAckState(1, "replica_b", "", 1, long.MaxValue, [(4, 5)]), new ReplicaAckState(1, "replica_c", "new", 5, long.MaxValue, []),
            new ReplicaAckState(2, "replica_d", "another environment's", 1, long.MaxValue, []), new ReplicaAckState(1, "replica_f", "gone", 1, 4, [(3, 4)]),
        };
        wait.Take(new() { [1] = ReplicaAckState.Read(ReplicaAckState.Write(notes)), [2] = [new ReplicaAckState(1, "replica_e", "e", 1, long.MaxValue, [])] });
        Assert.Equal(
            [
                ("node_1", Outcome.Acknowledged), ("replica_a", Outcome.Acknowledged), ("replica_b", Outcome.LeaseRanOut),
                ("node_2", Outcome.LeaseRanOut), ("replica_e", Outcome.LeaseRanOut),
            ],
            wait.Verifiers(1).Select(line => (line.Id, line.Outcome)));
    }

    [Fact]
    public void A_node_with_two_registrations_is_one_verifier_and_what_was_renewed_past_was_its_replicas_to_renew()
    {
        var wait = new ClusterPropagation(Batch(Registered(1, 500), Registered(2, 500) with { Id = "node_1" }, Registered(3, 500)), Since, 0);
        wait.MarkAcked(new() { [1] = new(0, ReplicaAcks.None), [2] = new(5, ReplicaAcks.None), [3] = new(0, ReplicaAcks.Read("1:0")) });
        Assert.Equal([("node_1", Outcome.Waiting), ("node_3", Outcome.Waiting)], wait.Verifiers(1).Select(line => (line.Id, line.Outcome)));
        wait.Expire(1, Outcome.LeaseRanOut);
        wait.Expire(3, Outcome.RenewedPast);
        wait.Take(new() { [3] = [new(1, "replica_a", "", 1, long.MaxValue, []), new(1, "replica_b", "", 1, long.MaxValue, [(4, 5)])] });
        Assert.Equal(
            [("node_1", Outcome.Acknowledged), ("node_3", Outcome.RenewedPast), ("replica_a", Outcome.RenewedPast), ("replica_b", Outcome.LeaseRanOut)],
            wait.Verifiers(1).Select(line => (line.Id, line.Outcome)));
    }

    [Fact]
    public void A_replica_that_lags_holds_up_its_own_environment_and_no_other()
    {
        var wait = Begin(1, 2);
        wait.MarkAcked(new() { [1] = new(5, ReplicaAcks.None), [2] = new(7, ReplicaAcks.Read("1 2:4")) });
        Assert.True(wait.IsPast(One));
        Assert.False(wait.IsPast(new(2)));
        Assert.False(wait.IsPast(EnvironmentScope.All));
        wait.MarkAcked(new() { [1] = new(5, ReplicaAcks.None), [2] = new(7, ReplicaAcks.Read("1 2:5")) });
        Assert.True(wait.IsPast(new(2)));
        Assert.True(wait.IsPast(EnvironmentScope.All));
    }

    [Fact]
    public void A_replica_of_unknown_environment_and_a_part_that_cannot_be_read_hold_up_every_environment()
    {
        foreach (var text in (string[])["0:4", "1:9 new-form"])
        {
            var wait = Begin(1);
            wait.MarkAcked(new() { [1] = new(5, ReplicaAcks.Read(text)) });
            Assert.False(wait.IsPast(One), text);
            Assert.False(wait.IsPast(new(2)), text);
        }
    }

    [Fact]
    public void Own_memory_is_waited_for_in_every_scope_and_replicas_count_only_beside_a_memory_that_has_the_batch()
    {
        var wait = Begin(1);
        wait.MarkAcked(new() { [1] = new(4, ReplicaAcks.None) });
        Assert.False(wait.IsPast(One));
        Assert.False(wait.IsPast(EnvironmentScope.All));
    }

    [Fact]
    public void A_node_that_has_applied_a_change_is_not_overdue_for_its_replicas_sake_and_time_ends_their_leases()
    {
        var wait = Begin(1);
        wait.MarkAcked(new() { [1] = new(5, ReplicaAcks.Read("1:4")) });
        Assert.Empty(wait.Overdue(Since + Terms.WaiterMicroseconds + Allowance - 1));
        Assert.False(wait.IsPast(One));
        Assert.Empty(wait.Overdue(Since + Terms.WaiterMicroseconds + Allowance));
        Assert.True(wait.IsPast(One));
        Assert.Equal(Outcome.Acknowledged, Assert.Single(wait.Verifiers(1)).Outcome);
    }

    [Fact]
    public void What_one_registration_says_is_nothing_that_an_earlier_one_of_the_same_node_says()
    {
        var wait = new ClusterPropagation(Batch(Registered(1, 500), Registered(2, 500) with { Id = "node_1" }), Since, 0);
        wait.MarkOwnAcked(2, new NodeAcks(9, ReplicaAcks.None));
        Assert.False(wait.IsPast(One));
        Assert.Equal([1], wait.Overdue(Since + new LeaseTerms(500).WaiterMicroseconds));
    }

    [Fact]
    public void Each_scope_is_answered_by_itself()
    {
        var wait = Begin(1);
        wait.Complete(One);
        Assert.True(wait.InForce(One).IsCompleted);
        Assert.False(wait.InForce(new(2)).IsCompleted);
        Assert.False(wait.IsOver);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0:3 1 2:45")]
    public void What_is_acknowledged_of_replicas_reads_back_as_it_was_written(string text)
        => Assert.Equal(text, ReplicaAcks.Read(text).Write());

    private static ClusterPropagation Begin(params IEnumerable<long> epochs)
        => new(Batch([.. epochs.Select(epoch => Registered(epoch, Terms.Milliseconds))]), Since, Allowance);

    private static RegisteredNode Registered(long epoch, int leaseMilliseconds) => new(epoch, leaseMilliseconds, $"node_{epoch}", $"name {epoch}");

    private static Dictionary<long, NodeAcks> Said(params (long Epoch, long Sequence)[] said)
        => said.ToDictionary(each => each.Epoch, each => new NodeAcks(each.Sequence, ReplicaAcks.None));

    private static CommittedBatch Batch(params RegisteredNode[] nodes) => new([], new LogPosition(5, [])) { Nodes = nodes, Scopes = [One, new(2), EnvironmentScope.All] };
}
