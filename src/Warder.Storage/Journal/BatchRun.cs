using System.Data.Common;
using Warder.Core.Events;
using Warder.Core.Time;

namespace Warder.Storage.Journal;

/// <summary>Runs one batch: its commands in order in one transaction, each undoable by itself, and the commit.</summary>
/// <remarks>
/// Where a transaction can be repeated cheaply, commands run without savepoints first. If one of them must be undone after it wrote, the
/// transaction is rolled back and its commands run again, each in a savepoint.
/// </remarks>
internal sealed class BatchRun(Store store, Writer writer, Clock clock)
{
    // The first commands of a batch wait for locks for longer than a frozen node can hold them, so that few deferrals are enough.
    private const int MaxDeferrals = 4;
    // In a smaller batch the other thread would hardly have begun when the writer needs the bodies.
    private const int FewestToShare = 4;

    private readonly Transaction transaction = writer.Transaction;
    private readonly CommandContext context = writer.Context;
    // In order. Refused commands are among them; their writes are rolled back.
    private readonly List<Survivor> survivors = [];
    // Set when the transaction must be rolled back as a whole, and its remaining commands must run again.
    private bool again;
    private bool shares;

    /// <summary>Commands that conflicted with another node. They run again as the first of the next batch.</summary>
    public List<PendingCommand> Deferred { get; } = [];

    /// <summary>Commands to complete.</summary>
    public IEnumerable<PendingCommand> Survivors => survivors.Select(static survivor => survivor.Command);

    /// <summary>The scopes that commands wait for, each once.</summary>
    public IReadOnlyList<EnvironmentScope> Scopes
        => survivors.Count == 1 ? survivors[0].Scopes : [.. survivors.SelectMany(static survivor => survivor.Scopes).Distinct()];

    /// <summary>
    /// Removes the commands that complete when the batch is in force in their scopes, grouped by the task that they wait for. The remaining
    /// commands can complete now.
    /// </summary>
    public List<(Task InForce, List<PendingCommand> Commands)> TakeWaiting(Propagation propagation)
    {
        var tasks = Scopes.ToDictionary(static scope => scope, propagation.InForce);
        var groups = new List<(Task InForce, List<PendingCommand> Commands)>();
        survivors.RemoveAll(survivor =>
        {
            Task[] awaited = [.. survivor.Scopes.Select(scope => tasks[scope]).Where(static task => !task.IsCompletedSuccessfully)];
            if (awaited.Length == 0)
                return false;
            var group = awaited.Length == 1 ? groups.FindIndex(each => each.InForce == awaited[0]) : -1;
            if (group >= 0)
                groups[group].Commands.Add(survivor.Command);
            else
                groups.Add((awaited.Length == 1 ? awaited[0] : Task.WhenAll(awaited), [survivor.Command]));
            return true;
        });
        return groups;
    }

    /// <summary>Hands each command that changes the memory of verifiers the place of its change in the log, and its propagation.</summary>
    public void Tell(long firstSequence, Propagation propagation)
    {
        var first = firstSequence;
        foreach (var (command, events) in survivors.Select(static survivor => (survivor.Command, survivor.Events)))
        {
            if (Array.FindLastIndex(events, static draft => draft.CacheDeltas.Count > 0) is >= 0 and var last)
                command.Commit(new Commitment(events[last], first + last, propagation));
            first += events.Length;
        }
    }

    /// <summary>The duration of the commit.</summary>
    public long CommitMicroseconds { get; private set; }

    /// <summary>Runs the commands and commits.</summary>
    /// <returns>Null: the batch changed nothing for verifiers, and depends on no change of another node.</returns>
    /// <exception cref="DbException">The database failed. Nothing was written.</exception>
    /// <exception cref="StorageException">The outcome of the commit is not known.</exception>
    /// <exception cref="CommitAbandonedException">The watch abandoned the commit, and its commands have failed.</exception>
    public CommittedBatch? Run(List<PendingCommand> batch)
    {
        var undoable = writer.TakesUndoableBatch();
        while (true)
        {
            if (TryRunAll(batch, undoable, out var ended))
                return ended;
            transaction.RollBack();
            survivors.Clear();
            (again, undoable) = (false, true);
            writer.ExpectUndoing();
            batch = batch.FindAll(pending => !pending.IsFailed && !Deferred.Contains(pending));
        }
    }

    // False when the transaction must be rolled back, and what is left of the batch must run again.
    private bool TryRunAll(List<PendingCommand> batch, bool undoable, out CommittedBatch? ended)
    {
        ended = null;
        shares = batch.Count >= FewestToShare;
        transaction.Begin(batch.Count, undoable);
        context.Forget();
        foreach (var pending in batch)
        {
            while (!TryRun(pending))
            {
                // The command before it failed late and is rolled back; this one starts anew.
            }

            if (again)
                return false;
        }

        while (survivors.Count > 0)
        {
            if (TryEnd(out ended))
                return !again;
        }

        transaction.RollBack();
        return true;
    }

    private bool TryRun(PendingCommand pending)
    {
        try
        {
            transaction.Savepoint();
            context.Start(clock.Now());
            var stays = pending.Run(context);
            var wrote = transaction.Wrote;
            again = !stays && !transaction.CanUndo;
            if (again)
                return true;
            if (stays)
                transaction.ReleaseSavepoint();
            else
                transaction.RollbackToSavepoint();
            context.Finish(stays);
            // A command that only appends an event writes too.
            var survivor = new Survivor(
                pending, stays ? [.. context.Events] : [], stays, stays && (wrote || context.Events.Count > 0));
            survivors.Add(survivor);
            if (shares)
                Array.ForEach(survivor.Events, draft => writer.Bodies.Add(draft.Body));
        }
        catch (PipelinedFailureException e)
        {
            RollBackLast(e.Failure);
            return false;
        }
        catch (Exception e) when (e is not DbException failure || store.ScopeOf(failure) != FailureScope.Database)
        {
            // An exception of one command fails that command. A failing database fails the whole batch.
            Undo(pending, e);
        }

        return true;
    }

    private bool TryEnd(out CommittedBatch? ended)
    {
        try
        {
            ended = null;
            if (!survivors.Exists(static survivor => survivor.Wrote))
                ended = transaction.Observe();
            else if (TryCompose())
                ended = Commit();
            return true;
        }
        catch (PipelinedFailureException e)
        {
            RollBackLast(e.Failure);
            ended = null;
            return false;
        }
    }

    // A command with an event that cannot be composed fails alone: the transaction is rolled back, and the remaining commands run again.
    private bool TryCompose()
    {
        if (shares)
            writer.Bodies.Help();
        foreach (var survivor in survivors)
        {
            try
            {
                Array.ForEach(survivor.Events, static draft => draft.Body.Compose());
            }
            catch (Exception e)
            {
                survivor.Command.Fail(e);
                again = true;
            }
        }

        return !again;
    }

    private CommittedBatch? Commit()
    {
        var start = Clock.MonotonicMicroseconds();
        var committed = writer.Commit([.. survivors.SelectMany(static survivor => survivor.Events)]);
        CommitMicroseconds = Clock.MonotonicMicroseconds() - start;
        return committed;
    }

    private void RollBackLast(DbException failure)
    {
        // Only the last command in the transaction has statements without a read result.
        var place = survivors.FindLastIndex(static survivor => survivor.Stays);
        if (place < 0 || store.ScopeOf(failure) == FailureScope.Database)
            throw failure;
        var last = survivors[place].Command;
        survivors.RemoveAt(place);
        Undo(last, failure);
    }

    private void Undo(PendingCommand pending, Exception e)
    {
        again = !transaction.CanUndo;
        if (!again)
            transaction.RollbackToSavepoint();
        context.Finish(false);
        var scope = e is DbException failure ? store.ScopeOf(failure) : FailureScope.Command;
        if (scope == FailureScope.Command)
            pending.Fail(e);
        else if (pending.Deferrals++ < MaxDeferrals)
            Deferred.Add(pending);
        else
            pending.Fail(store.Translate((DbException)e));
    }

    private sealed record Survivor(PendingCommand Command, EventDraft[] Events, bool Stays, bool Wrote)
    {
        // An event without cache deltas changes no memory; the issue of a key is one. A command that appends nothing waits too: the answer
        // "already so" promises that the state is in force, as the answer to the change did.
        public EnvironmentScope[] Scopes { get; } = ScopesOf(Command, Events);

        private static EnvironmentScope[] ScopesOf(PendingCommand command, EventDraft[] events)
        {
            if (events.Length == 0)
                return command.Scope == EnvironmentScope.None ? [] : [command.Scope ?? EnvironmentScope.All];
            var scopes = new List<EnvironmentScope>();
            foreach (var draft in events)
            {
                if (draft.CacheDeltas.Count == 0)
                    continue;
                var scope = draft.CacheDeltas.All(static effect => effect.IsKnown)
                    ? new EnvironmentScope(draft.Environment)
                    : EnvironmentScope.All;
                if (!scopes.Contains(scope))
                    scopes.Add(scope);
            }

            if (scopes.Count > 0 && command.Scope is { } own && own != EnvironmentScope.None && !scopes.Contains(own))
                scopes.Add(own);
            return [.. scopes];
        }
    }
}
