using System.Data.Common;
using Warder.Core.Events;
using Warder.Core.Time;

namespace Warder.Storage.Journal;

/// <summary>One batch: its commands, one after another in one transaction, each with a way back, and the commit.</summary>
internal sealed class BatchRun(Store store, Transaction transaction, CommandContext context, Clock clock)
{
    // Whoever begins a batch waits for longer than a frozen node can hold anything.
    private const int MaxDeferrals = 4;

    private readonly List<(PendingCommand Command, EventDraft[] Events, bool Wrote)> survivors = [];

    /// <summary>Commands that another node was in the way of: they run again, at the beginning of a batch.</summary>
    public List<PendingCommand> Deferred { get; } = [];

    /// <summary>Commands to answer, once their batch is in force.</summary>
    public IEnumerable<PendingCommand> Survivors => survivors.Select(static survivor => survivor.Command);

    /// <summary>How long the commit took.</summary>
    public long CommitMicroseconds { get; private set; }

    /// <summary>Runs and commits. What has come of it; null when nothing was written.</summary>
    /// <exception cref="DbException">The database failed. Nothing was written.</exception>
    /// <exception cref="StorageException">It is not known whether it is durable.</exception>
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

        while (survivors.Exists(static survivor => survivor.Wrote))
        {
            if (TryCommit() is { } committed)
                return committed;
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
            survivors.Add((pending, stays ? [.. context.Events] : [], stays && wrote));
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

    private CommittedBatch? TryCommit()
    {
        var start = Clock.MonotonicMicroseconds();
        try
        {
            var committed = transaction.Commit([.. survivors.SelectMany(static survivor => survivor.Events)]);
            CommitMicroseconds = Clock.MonotonicMicroseconds() - start;
            return committed;
        }
        catch (EarlierCommandException e)
        {
            TakeBackLast(e.Failure);
            return null;
        }
    }

    private void TakeBackLast(DbException failure)
    {
        if (store.BlameOf(failure) == Blame.Database)
            throw failure;
        var last = survivors[^1].Command;
        survivors.RemoveAt(survivors.Count - 1);
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
}
