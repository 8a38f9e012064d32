using System.Data.Common;
using Warder.Core.Events;
using Warder.Core.Time;

namespace Warder.Storage.Journal;

/// <summary>One batch: its commands, one after another in one transaction, each with a way back, and the commit.</summary>
internal sealed class BatchRun(Store store, Writer writer, Clock clock)
{
    // Whoever begins a batch waits for longer than a frozen node can hold anything.
    private const int MaxDeferrals = 4;

    private readonly Transaction transaction = writer.Transaction;
    private readonly CommandContext context = writer.Context;
    // In order. Those that were refused are among them, and nothing of theirs is in the transaction.
    private readonly List<Survivor> survivors = [];

    /// <summary>Commands that another node was in the way of: they run again, at the beginning of a batch.</summary>
    public List<PendingCommand> Deferred { get; } = [];

    /// <summary>Commands to answer.</summary>
    public IEnumerable<PendingCommand> Survivors => survivors.Select(static survivor => survivor.Command);

    /// <summary>The scopes that commands wait for, each once.</summary>
    public IReadOnlyList<EnvironmentScope> Scopes
        => survivors.Count == 1 ? survivors[0].Scopes : [.. survivors.SelectMany(static survivor => survivor.Scopes).Distinct()];

    /// <summary>
    /// Takes out the commands that can be answered only when the batch is in force in their scopes, each group with the task that it waits for. The commands that stay
    /// can be answered now.
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

    /// <summary>Tells each of those who appended what changes somebody's memory where it stands in the log, and how it comes to be in force.</summary>
    public void Tell(long firstSequence, Propagation propagation)
    {
        var first = firstSequence;
        foreach (var (command, events) in survivors.Select(static survivor => (survivor.Command, survivor.Events)))
        {
            if (Array.FindLastIndex(events, static draft => draft.Effects.Count > 0) is >= 0 and var last)
                command.Commit(new Commitment(events[last], first + last, propagation));
            first += events.Length;
        }
    }

    /// <summary>How long the commit took.</summary>
    public long CommitMicroseconds { get; private set; }

    /// <summary>Runs and commits. What has come of it; null when there is nothing that anybody has to hear of, or has to have heard of.</summary>
    /// <exception cref="DbException">The database failed. Nothing was written.</exception>
    /// <exception cref="StorageException">It is not known whether it is durable.</exception>
    /// <exception cref="GivenUpException">Somebody else has answered.</exception>
    public CommittedBatch? Run(List<PendingCommand> batch)
    {
        transaction.Begin(batch.Count);
        context.Forget();
        foreach (var pending in batch)
        {
            while (!TryRun(pending))
            {
                // The one before had to be taken back first.
            }
        }

        while (survivors.Count > 0)
        {
            if (TryEnd(out var ended))
                return ended;
        }

        transaction.RollBack();
        return null;
    }

    private bool TryRun(PendingCommand pending)
    {
        try
        {
            transaction.Mark();
            context.Start(clock.Now());
            var stays = pending.Run(context);
            var wrote = transaction.Wrote;
            if (stays)
                transaction.Keep();
            else
                transaction.TakeBack();
            context.Settle(stays);
            survivors.Add(new Survivor(pending, stays ? [.. context.Events] : [], stays, stays && wrote));
        }
        catch (EarlierCommandException e)
        {
            TakeBackLast(e.Failure);
            return false;
        }
        catch (Exception e) when (e is not DbException failure || store.BlameOf(failure) != Blame.Database)
        {
            // A bug in one command is that command's failure. A failing database is the whole batch's.
            TakeBack(pending, e);
        }

        return true;
    }

    private bool TryEnd(out CommittedBatch? ended)
    {
        try
        {
            ended = survivors.Exists(static survivor => survivor.Wrote) ? Commit() : transaction.Observe();
            return true;
        }
        catch (EarlierCommandException e)
        {
            TakeBackLast(e.Failure);
            ended = null;
            return false;
        }
    }

    private CommittedBatch? Commit()
    {
        var start = Clock.MonotonicMicroseconds();
        var committed = writer.Commit([.. survivors.SelectMany(static survivor => survivor.Events)]);
        CommitMicroseconds = Clock.MonotonicMicroseconds() - start;
        return committed;
    }

    private void TakeBackLast(DbException failure)
    {
        // The last that is in the transaction: it alone is open, and its statements were the last to be sent.
        var place = survivors.FindLastIndex(static survivor => survivor.Stays);
        if (place < 0 || store.BlameOf(failure) == Blame.Database)
            throw failure;
        var last = survivors[place].Command;
        survivors.RemoveAt(place);
        TakeBack(last, failure);
    }

    private void TakeBack(PendingCommand pending, Exception e)
    {
        transaction.TakeBack();
        context.Settle(false);
        var blame = e is DbException failure ? store.BlameOf(failure) : Blame.Command;
        if (blame == Blame.Command)
            pending.Fail(e);
        else if (pending.Deferrals++ < MaxDeferrals)
            Deferred.Add(pending);
        else
            pending.Fail(store.Translate((DbException)e));
    }

    private sealed record Survivor(PendingCommand Command, EventDraft[] Events, bool Stays, bool Wrote)
    {
        // An event without effects changes nobody's memory, as the issue of a key. A command that appends nothing waits too: "it is so already" promises what "it is so
        // now" does.
        public EnvironmentScope[] Scopes { get; } = ScopesOf(Command, Events);

        private static EnvironmentScope[] ScopesOf(PendingCommand command, EventDraft[] events)
        {
            if (events.Length == 0)
                return command.Scope == EnvironmentScope.None ? [] : [command.Scope ?? EnvironmentScope.All];
            var scopes = new List<EnvironmentScope>();
            foreach (var draft in events)
            {
                if (draft.Effects.Count == 0)
                    continue;
                var scope = draft.Effects.All(static effect => effect.IsKnown) ? new EnvironmentScope(draft.Environment) : EnvironmentScope.All;
                if (!scopes.Contains(scope))
                    scopes.Add(scope);
            }

            if (scopes.Count > 0 && command.Scope is { } own && own != EnvironmentScope.None && !scopes.Contains(own))
                scopes.Add(own);
            return [.. scopes];
        }
    }
}
