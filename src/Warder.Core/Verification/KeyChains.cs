namespace Warder.Core.Verification;

/// <summary>
/// The cached entries of each key, found by the key's id: usually one, and one more for each further secret of it that is in use. A table
/// of references and nothing else: at a million keys a dictionary would take three times as much.
/// </summary>
/// <remarks>
/// A mutable holder without a lock of its own: every member is called under <see cref="KeyCache"/>'s. Open addressing, linear probing.
/// </remarks>
internal sealed class KeyChains
{
    private const int MinimumSlots = 16;

    private KeyEntry?[] slots = new KeyEntry?[MinimumSlots];
    private int count;

    /// <summary>Adds an entry at the front of its key's chain.</summary>
    public void Add(KeyEntry entry)
    {
        if (count + 1 > slots.Length / 10 * 7)
            Grow();
        var at = Find(entry.Id);
        entry.NextOfKey = slots[at];
        if (slots[at] is null)
            count++;
        slots[at] = entry;
    }

    /// <summary>Removes a key's whole chain; null when the key has none.</summary>
    public KeyEntry? Remove(UInt128 id)
    {
        var at = Find(id);
        var first = slots[at];
        if (first is not null)
            Empty(at);
        return first;
    }

    /// <summary>Removes one entry from its chain, and returns whether it was there.</summary>
    public bool Remove(KeyEntry entry)
    {
        var at = Find(entry.Id);
        if (slots[at] == entry)
        {
            if (entry.NextOfKey is { } next)
                slots[at] = next;
            else
                Empty(at);
            return true;
        }

        for (var before = slots[at]; before is not null; before = before.NextOfKey)
        {
            if (before.NextOfKey != entry)
                continue;
            before.NextOfKey = entry.NextOfKey;
            return true;
        }

        return false;
    }

    // The last bits of an id are random.
    private int Home(UInt128 id) => (int)((ulong)id & (ulong)(slots.Length - 1));

    // The slot of the key's chain, or its future slot. One slot is always empty: it ends the search.
    private int Find(UInt128 id)
    {
        var at = Home(id);
        while (slots[at] is { } entry && entry.Id != id)
            at = (at + 1) & (slots.Length - 1);
        return at;
    }

    // Moves up the entries behind the hole that a search would otherwise no longer reach.
    private void Empty(int hole)
    {
        count--;
        var last = slots.Length - 1;
        for (var at = (hole + 1) & last; slots[at] is { } entry; at = (at + 1) & last)
        {
            var home = Home(entry.Id);
            if (((at - home) & last) < ((at - hole) & last))
                continue;
            slots[hole] = entry;
            hole = at;
        }

        slots[hole] = null;
    }

    private void Grow()
    {
        var old = slots;
        slots = new KeyEntry?[old.Length * 2];
        foreach (var chain in old)
        {
            if (chain is not null)
                slots[Find(chain.Id)] = chain;
        }
    }
}
