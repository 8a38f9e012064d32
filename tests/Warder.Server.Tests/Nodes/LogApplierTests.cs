using System.Text;
using Warder.Core.Events;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Nodes;
using Warder.Server.Nodes;
using Warder.Server.Tests.Hosting;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Server.Tests.Nodes;

// Runs on the embedded database, where no other node tails the log.
public sealed class LogApplierTests : IAsyncLifetime
{
    private readonly DataFolder folder = DataFolder.Embedded();
    private RunningWarder warder = null!;
    private Fixture own = null!;
    private LogApplier follower = null!;

    public async ValueTask InitializeAsync()
    {
        warder = await RunningWarder.StartAsync(folder);
        own = await Fixture.MakeAsync(warder, warder.Key, "a");
        follower = new LogApplier(warder.Node.Memory, warder.Node.ReplicaLeases);
        follower.Begin(warder.Node.Store.Read(Log.Head));
    }

    public async ValueTask DisposeAsync()
    {
        await warder.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_another_node_committed_is_in_force_here_once_the_log_was_read()
    {
        Assert.Equal("allowed", await warder.Decide(own.KeyValue));
        Elsewhere(own.Key);
        Assert.True(InMemory(own.KeyValue).Allow);

        Assert.True(CatchUp());
        Assert.Equal("revoked", await warder.Decide(own.KeyValue));
        Assert.True(follower.Position.Is(warder.Node.Store.Read(Log.Head)));
    }

    [Fact]
    public async Task Its_own_batch_waits_for_what_others_committed_before_it()
    {
        Assert.Equal("allowed", await warder.Decide(own.KeyValue));
        Elsewhere(own.Key);
        var batch = Elsewhere(own.UserKey);

        Assert.False(follower.Take(batch));
        Assert.True(InMemory(own.KeyValue).Allow);
        Assert.True(CatchUp());
        Assert.Equal("revoked", await warder.Decide(own.KeyValue));
        Assert.True(follower.Take(batch));
        Assert.Equal(batch.Head.Sequence, follower.Position.Sequence);
    }

    [Fact]
    public async Task A_log_with_a_hole_is_not_followed()
    {
        var before = follower.Position;
        Elsewhere(own.Key);
        Elsewhere(own.UserKey);
        using (var session = warder.Node.Store.OpenWriter())
            session.Execute("DELETE FROM events WHERE seq = $1", before.Sequence + 1);

        Assert.False(CatchUp());
        Assert.Equal(before, follower.Position);
    }

    [Fact]
    public async Task A_node_that_registers_anew_answers_from_no_earlier_read()
    {
        Assert.Equal("allowed", await warder.Decide(own.KeyValue));
        follower.Begin(warder.Node.Store.Read(Log.Head));
        Assert.Equal(0, warder.Node.Cache.Count);
    }

    [Fact]
    public async Task A_change_of_a_management_key_counts_as_applied_after_memory_holds_it()
    {
        var granted = await warder.Grant(null, "keys:read");
        Assert.NotNull(warder.Node.Authentication.Authenticate("Bearer " + granted));
        Write(context =>
        {
            context.Session.Execute(
                "UPDATE management_keys SET revoked = 1, revoked_at = $1 WHERE name = 'granted'", context.Now.UnixMilliseconds);
            TestEvent.Append(warder, context, new CacheDelta(CacheDeltaKind.ManagementKey, "management_key_00000000000000000000000000"));
        });
        Assert.NotNull(warder.Node.Authentication.Authenticate("Bearer " + granted));

        Assert.True(CatchUp());
        Assert.Null(warder.Node.Authentication.Authenticate("Bearer " + granted));
    }

    private bool CatchUp()
    {
        using var session = warder.Node.Store.OpenWriter();
        return follower.CatchUp(session);
    }

    private Decision InMemory(string value)
    {
        var tag = warder.Node.Cache.TagOf(Encoding.UTF8.GetBytes(value), 1);
        Assert.True(warder.Node.Cache.TryDecide(tag, new ValidationRequest(1, default), Clock.System.Now(), out var decision));
        return decision;
    }

    // Revokes as another node would: in the database, and not in this node's memory.
    private CommittedBatch Elsewhere(string id) => Write(context =>
    {
        var key = KeyTable.Find(context.Session, 1, id)!;
        KeyTable.Update(context.Session, KeyLifecycle.Revoke(key, null, context.Now));
        TestEvent.Append(warder, context, CacheDelta.OfKey(id));
    });

    private CommittedBatch Write(Action<CommandContext> change)
    {
        var listener = new Remembering();
        using var journal = new Journal(warder.Node.Store, listener, Clock.System);
        Assert.True(journal.Submit<bool>(context =>
        {
            change(context);
            return true;
        }).GetAwaiter().GetResult().Value);
        return listener.Last;
    }

    private sealed class Remembering : CommitListener
    {
        public CommittedBatch Last { get; private set; }

        public override Propagation Committed(CommittedBatch batch)
        {
            Last = batch;
            return Propagation.Done;
        }

        public override void Forget()
        {
        }

        public override void Restore()
        {
        }
    }
}
