using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Server.Tests.Hosting;

/// <summary>Makes a durable commit that the node has not observed, as after a lost answer or a commit of another process.</summary>
internal static class UnobservedCommit
{
    /// <summary>Revokes a key of the first environment.</summary>
    public static Task Revoke(RunningWarder warder, string id) => Change(
        warder,
        context => KeyTable.Update(context.Session, KeyLifecycle.Revoke(KeyTable.Find(context.Session, 1, id)!, null, context.Now)),
        CacheDelta.OfKey(id));

    /// <summary>Makes any change, with its event.</summary>
    public static async Task Change(RunningWarder warder, Action<CommandContext> change, params IReadOnlyList<CacheDelta> effects)
    {
        using var journal = new Journal(warder.Node.Store, new Deaf(), Clock.System);
        await journal.Submit<bool>(context =>
        {
            change(context);
            TestEvent.Append(warder, context, effects);
            return true;
        });
    }

    private sealed class Deaf : CommitListener
    {
        public override Propagation Committed(CommittedBatch batch) => Propagation.Done;

        public override void Forget()
        {
        }

        public override void Restore()
        {
        }
    }
}
