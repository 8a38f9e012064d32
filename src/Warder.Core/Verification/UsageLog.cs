namespace Warder.Core.Verification;

/// <summary>One use to be written to the store.</summary>
/// <param name="Environment">The environment's number.</param>
/// <param name="KeyId">The key.</param>
/// <param name="SecretNumber">Which of its secrets.</param>
/// <param name="LastUsedAtMilliseconds">Unix milliseconds.</param>
public readonly record struct Usage(int Environment, UInt128 KeyId, int SecretNumber, long LastUsedAtMilliseconds)
{
    /// <summary>In a replica: the entry's <see cref="LoadedKey.UseProof"/>.</summary>
    public long Proof { get; init; }
}

/// <summary>
/// Which entries were used since the last time somebody asked: a lock-free stack threaded through the entries themselves, so that noting
/// a use allocates nothing, and notes an entry once however often it is used.
/// </summary>
/// <remarks>
/// Any number of threads note. Who takes, takes everything at once out of their way, so that no entry can come back under a pusher's feet.
/// </remarks>
public sealed class UsageLog
{
    private readonly Lock taking = new();
    private KeyEntry? head;
    // What was taken out of the way, and is handed out some at a time: still threaded through the entries, for it may be all of them.
    private KeyEntry? rest;

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
        lock (taking)
        {
            var taken = Next(int.MaxValue);
            Begin();
            if (taken.Count == 0)
                return Next(int.MaxValue);
            taken.AddRange(Next(int.MaxValue));
            return taken;
        }
    }

    /// <summary>
    /// Has <see cref="Next"/> hand out what was noted by now; what is noted from now on, the next time. Nothing changes before all was
    /// handed out.
    /// </summary>
    public void Begin()
    {
        lock (taking)
            rest ??= Interlocked.Exchange(ref head, null);
    }

    /// <summary>Takes some of it; none when all was handed out.</summary>
    /// <param name="most">How many at most.</param>
    public List<Usage> Next(int most)
    {
        var taken = new List<KeyEntry>();
        lock (taking)
        {
            while (taken.Count < most && rest is { } entry)
            {
                taken.Add(entry);
                // The link must be read before the entry may be noted again.
                rest = entry.NextUsed;
                entry.NextUsed = null;
                entry.TakeUse();
            }
        }

        // Whoever found its entry noted before this, and so left it at that, has written its time by now; whoever looks later finds it
        // taken.
        if (taken.Count > 0)
            Interlocked.MemoryBarrierProcessWide();
        return taken.ConvertAll(static each => new Usage(each.Owned.Environment, each.Id, each.SecretNumber, each.LastUsedAtMilliseconds) { Proof = each.UseProof });
    }
}
