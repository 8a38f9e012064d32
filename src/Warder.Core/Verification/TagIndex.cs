using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Warder.Core.Verification;

/// <summary>What a <see cref="TagIndex{T}"/> holds: something that is known by a token's tag.</summary>
/// <param name="tag">From <see cref="TokenTagger.Tag"/>.</param>
public abstract class Tagged(UInt128 tag)
{
    /// <summary>The tag, the same for the entry's whole life.</summary>
    public UInt128 Tag { get; } = tag;
}

/// <summary>
/// A table from tags to entries that any number of threads read without locks while others write. A slot takes 16 bytes; seven in
/// ten are in use when it grows and three and a half afterwards, so an entry costs 23 to 46 bytes here.
/// </summary>
/// <remarks>
/// <para>Open addressing with linear probing. Writers exclude each other by the index's own lock. What readers may rely on:</para>
/// <list type="number">
/// <item>An entry that is in the index throughout a <see cref="Find"/> is found, whatever happens to other entries meanwhile.</item>
/// <item>After <see cref="Remove"/> (or an <see cref="Add"/> that replaced the entry) has returned, no <see cref="Find"/> that starts
/// afterwards returns the entry.</item>
/// <item>A <see cref="Find"/> that overlaps the removal may still return the entry. Whoever must not act on a removed entry marks the
/// entry itself before removing it, and looks at the mark after finding it.</item>
/// </list>
/// <para>
/// Why the first holds: while an entry is in a table it stays in its slot, and no slot between its home and that one becomes empty, for
/// a removed entry's slot keeps its mark (a tombstone) unless the slot after it is empty, and then nothing lies beyond it. A slot
/// that is used again may show one entry's mark beside another entry, so the entry's own tag has the last word. A full table
/// is copied, and the copy is published by one write; the old table is never written again, so a reader that is still in it finds
/// what was there when it started. Why the second holds: a later reader starts from the newest table, and that is the one which was written.
/// </para>
/// </remarks>
public sealed class TagIndex<T>
    where T : Tagged
{
    /// <summary>How many entries an index can hold.</summary>
    public const int MaximumCount = MaximumSlots / 2;

    private const int MinimumSlots = 16;
    private const int MaximumSlots = 1 << 30;
    private const int SampledSlots = 64;
    private const int PrefetchedProbes = 8;
    private const int CacheLineBytes = 64;

    private readonly Lock writing = new();
    private volatile Slot[] slots;
    private volatile int count;

    // Slots that are not empty, tombstones included; only writers look at it.
    private int used;

    /// <summary>An empty index.</summary>
    /// <param name="expected">How many entries to make room for at once.</param>
    public TagIndex(int expected = 0) => slots = new Slot[SlotsFor(expected)];

    /// <summary>How many entries there are.</summary>
    public int Count => count;

    /// <summary>How many slots the table has.</summary>
    internal int CapacityInSlots => slots.Length;

    /// <summary>The entry with this tag, or null. Takes no lock, allocates nothing, and ends after one round of the table at most.</summary>
    public T? Find(UInt128 tag)
    {
        var table = slots;
        var mark = Mark(tag);
        var last = table.Length - 1;
        var at = Home(mark, last);
        for (var probes = 0; probes <= last; probes++)
        {
            ref var slot = ref table[at & last];
            var seen = Volatile.Read(ref slot.Mark);
            if (seen == mark && Volatile.Read(ref slot.Entry) is { } entry && entry.Tag == tag)
                return entry;
            if (seen == 0)
                return null;
            at++;
        }

        return null;
    }

    /// <summary>
    /// Has the processor bring near what <see cref="Find"/> will look at for each of these tags, all at once in the place of one after another. A hint, and nothing more: it changes no answer, and
    /// does nothing where there is no such instruction.
    /// </summary>
    public unsafe void Prefetch(ReadOnlySpan<UInt128> tags)
    {
        if (!Sse.IsSupported)
            return;
        var table = slots;
        var last = table.Length - 1;
        foreach (ref readonly var tag in tags)
            Sse.Prefetch0(Unsafe.AsPointer(ref table[Home(Mark(tag), last)]));
        foreach (ref readonly var tag in tags)
        {
            var mark = Mark(tag);
            var at = Home(mark, last);
            for (var probes = 0; probes < PrefetchedProbes && table[at].Mark != mark; probes++)
                at = (at + 1) & last;
            // Whichever entry that is, and wherever it is moved to meanwhile: what is brought near is read by nobody but who finds it.
            var place = (byte*)Unsafe.As<T?, nint>(ref table[at].Entry);
            Sse.Prefetch0(place);
            Sse.Prefetch0(place + CacheLineBytes);
            Sse.Prefetch0(place + (2 * CacheLineBytes));
        }
    }

    /// <summary>Puts an entry in; it takes the place of one with an equal tag in one step, so that readers find one or the other.</summary>
    /// <exception cref="InvalidOperationException">The index holds <see cref="MaximumCount"/> entries.</exception>
    public void Add(T entry)
    {
        lock (writing)
        {
            var at = SlotOf(entry.Tag);
            if (at >= 0)
            {
                Volatile.Write(ref slots[at].Entry, entry);
            }
            else
            {
                MakeRoom();
                Place(slots, Mark(entry.Tag), entry);
                count++;
            }

            // The write is out before the caller is told: see Remove.
            Interlocked.MemoryBarrier();
        }
    }

    /// <summary>Takes this very entry out; one that has merely the same tag stays.</summary>
    /// <returns>Whether it was in.</returns>
    public bool Remove(T entry)
    {
        lock (writing)
        {
            var at = SlotOf(entry.Tag);
            if (at < 0 || !ReferenceEquals(slots[at].Entry, entry))
                return false;
            Volatile.Write(ref slots[at].Entry, null);
            count--;
            ClearTombstones(at);
            // A processor may hold a write back while it runs on; the promise to later readers needs it to be out.
            Interlocked.MemoryBarrier();
            return true;
        }
    }

    /// <summary>Visits every entry while other writers wait. The visitor may <see cref="Remove"/> entries, and must not <see cref="Add"/>.</summary>
    public void ForEach(Action<T> visit)
    {
        lock (writing)
        {
            var table = slots;
            for (var i = 0; i < table.Length; i++)
            {
                if (table[i].Entry is { } entry)
                    visit(entry);
            }
        }
    }

    /// <summary>
    /// Some entry at or soon after a place in the table, for an owner who evicts the least useful of a few: with random places, each
    /// entry comes up about equally often. Takes no lock. Null when the next 64 slots hold nothing: try another place.
    /// </summary>
    /// <param name="place">Any number; random ones give random entries.</param>
    public T? SampleForEviction(uint place)
    {
        var table = slots;
        var last = table.Length - 1;
        var at = (int)(place & int.MaxValue);
        for (var i = 0; i < SampledSlots; i++)
        {
            if (Volatile.Read(ref table[(at + i) & last].Entry) is { } entry)
                return entry;
        }

        return null;
    }

    // A mark is never 0, which is what an empty slot has. The lost bit is checked with the rest of the tag.
    private static ulong Mark(UInt128 tag) => (ulong)tag | 1;

    private static int Home(ulong mark, int last) => (int)(mark >> 1) & last;

    private static int SlotsFor(int entries)
    {
        // Half full, so that a table just made has room for many changes before the next one.
        ArgumentOutOfRangeException.ThrowIfNegative(entries);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries, MaximumCount);
        return Math.Max(MinimumSlots, (int)BitOperations.RoundUpToPowerOf2((uint)entries * 2));
    }

    private int SlotOf(UInt128 tag)
    {
        var mark = Mark(tag);
        var last = slots.Length - 1;
        for (var at = Home(mark, last); slots[at].Mark != 0; at = (at + 1) & last)
        {
            if (slots[at].Mark == mark && slots[at].Entry is { } entry && entry.Tag == tag)
                return at;
        }

        return -1;
    }

    // Into the first slot on the way that holds no entry. The mark first: a reader who sees the entry sees its mark.
    private void Place(Slot[] table, ulong mark, T entry)
    {
        var last = table.Length - 1;
        var at = Home(mark, last);
        while (table[at].Entry is not null)
            at = (at + 1) & last;
        if (table[at].Mark == 0)
            used++;
        Volatile.Write(ref table[at].Mark, mark);
        Volatile.Write(ref table[at].Entry, entry);
    }

    // Called with one more entry to come. There is always an empty slot left, which ends every search.
    private void MakeRoom()
    {
        if (count == MaximumCount)
            throw new InvalidOperationException("The index is full.");
        var old = slots;
        if (used + 1 <= (int)(old.Length * 7L / 10))
            return;
        var table = new Slot[SlotsFor(count + 1)];
        used = 0;
        foreach (ref var slot in old.AsSpan())
        {
            if (slot.Entry is { } entry)
                Place(table, slot.Mark, entry);
        }

        slots = table;
    }

    // A tombstone before an empty slot is on nobody's way: it and those before it become empty again.
    private void ClearTombstones(int at)
    {
        var last = slots.Length - 1;
        if (slots[(at + 1) & last].Mark != 0)
            return;
        for (; slots[at].Mark != 0 && slots[at].Entry is null; at = (at - 1) & last)
        {
            Volatile.Write(ref slots[at].Mark, 0);
            used--;
        }
    }

    private struct Slot
    {
        public ulong Mark;
        public T? Entry;
    }
}
