namespace Warder.Core.Verification;

/// <summary>One use to be written to the store.</summary>
/// <param name="Environment">The environment's number.</param>
/// <param name="KeyId">The key.</param>
/// <param name="SecretNumber">The number of the key's secret.</param>
/// <param name="LastUsedAtMilliseconds">Unix milliseconds.</param>
public readonly record struct Usage(int Environment, UInt128 KeyId, int SecretNumber, long LastUsedAtMilliseconds)
{
    /// <summary>In a replica: the entry's <see cref="LoadedKey.UseProof"/>.</summary>
    public long Proof { get; init; }
}

/// <summary>
/// The entries that were used since the last reading: a lock-free stack, linked through the entries themselves. Noting a use allocates
/// nothing. An entry is noted once, for any number of uses.
/// </summary>
/// <remarks>
/// Any number of threads note uses. A reader takes the whole stack at once, so that no entry can return to it during a push.
/// </remarks>
public sealed class UsageLog
{
    private readonly Lock taking = new();
    private KeyEntry? head;
    // The entries that were taken and not yet returned, still linked through the entries: they may be all entries of the cache.
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

    /// <summary>Takes all uses that were noted since the last reading.</summary>
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
    /// Lets <see cref="Next"/> return the uses that were noted before this call; later uses belong to the next round. Has no effect before
    /// the current round was returned completely.
    /// </summary>
    public void Begin()
    {
        lock (taking)
            rest ??= Interlocked.Exchange(ref head, null);
    }

    /// <summary>Takes some uses of the current round; none at its end.</summary>
    /// <param name="most">The greatest number of uses.</param>
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

        // A thread that found its entry noted before this fence, and did not note it again, has written its time by now. A thread that
        // looks later sees that the use was taken.
        if (taken.Count > 0)
            Interlocked.MemoryBarrierProcessWide();
        return taken.ConvertAll(static each
            => new Usage(each.Owned.Environment, each.Id, each.SecretNumber, each.LastUsedAtMilliseconds) { Proof = each.UseProof });
    }
}
