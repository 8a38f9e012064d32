namespace Warder.Core.Verification;

/// <summary>One use to be written to the store.</summary>
/// <param name="Environment">The environment's number.</param>
/// <param name="KeyId">The key.</param>
/// <param name="SecretNumber">Which of its secrets.</param>
/// <param name="LastUsedAtMilliseconds">Unix milliseconds.</param>
public readonly record struct Usage(int Environment, UInt128 KeyId, int SecretNumber, long LastUsedAtMilliseconds);

/// <summary>
/// Which entries were used since the last time somebody asked: a lock-free stack threaded through the entries themselves, so that noting
/// a use allocates nothing, and notes an entry once however often it is used.
/// </summary>
/// <remarks>Any number of threads note; one at a time takes, and takes everything, so that no entry can come back under a pusher's feet.</remarks>
public sealed class UsageLog
{
    private KeyEntry? head;

    /// <summary>Notes an allowed validation.</summary>
    public void Note(KeyEntry entry, long nowMilliseconds)
    {
        if (!entry.Use(nowMilliseconds))
            return;
        KeyEntry? seen;
        do
        {
            seen = Volatile.Read(ref head);
            entry.NextUsed = seen;
        }
        while (Interlocked.CompareExchange(ref head, entry, seen) != seen);
    }

    /// <summary>Takes what was noted since.</summary>
    public List<Usage> Take()
    {
        var taken = new List<KeyEntry>();
        var entry = Interlocked.Exchange(ref head, null);
        if (entry is null)
            return [];
        while (entry is not null)
        {
            taken.Add(entry);
            // The link must be read before the entry may be noted again.
            var next = entry.NextUsed;
            entry.NextUsed = null;
            entry.TakeUse();
            entry = next;
        }

        // Whoever found its entry noted before this, and so left it at that, has written its time by now; whoever looks later finds it taken.
        Interlocked.MemoryBarrierProcessWide();
        return taken.ConvertAll(static each => new Usage(each.Environment, each.Id, each.SecretNumber, each.LastUsedAtMilliseconds));
    }
}
