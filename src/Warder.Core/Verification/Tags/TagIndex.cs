using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Warder.Core.Verification.Tags;

/// <summary>An entry of a <see cref="TagIndex{T, TBeside}"/>, identified by a token's tag.</summary>
/// <param name="tag">From <see cref="TokenTagger.Tag"/>.</param>
public abstract class Tagged<TBeside>(UInt128 tag)
    where TBeside : class
{
    /// <summary>The tag, the same for the entry's whole life.</summary>
    public UInt128 Tag { get; } = tag;

    /// <summary>
    /// The data that a look-up gives without reading the entry, which spares the wait for the entry's memory. Constant for the entry's
    /// whole life.
    /// </summary>
    protected internal abstract TBeside Beside { get; }

    /// <summary>The same, a number.</summary>
    protected internal virtual uint BesideNumber => 0;
}

/// <summary>The result of a look-up.</summary>
/// <param name="Entry">The entry; the look-up has not read its memory.</param>
/// <param name="Beside">Its <see cref="Tagged{TBeside}.Beside"/>.</param>
/// <param name="BesideNumber">Its <see cref="Tagged{TBeside}.BesideNumber"/>.</param>
public readonly record struct Found<T, TBeside>(T Entry, TBeside Beside, uint BesideNumber);

/// <summary>
/// A table from tags to entries. Any number of threads read it without locks while others write. A slot takes 32 bytes. The table grows
/// when seven in ten slots are in use; three and a half in ten are in use afterwards. An entry therefore costs 46 to 92 bytes here. A
/// look-up waits for its slot's memory, and not for the entry's.
/// </summary>
/// <remarks>
/// <para>Tags are distinguished by their bits 1 to 95: the bits of AES-CMAC-96 (RFC 4494), less one.</para>
/// <para>Open addressing with linear probing. Writers exclude each other by the index's own lock. Guarantees to readers:</para>
/// <list type="number">
/// <item>
/// An entry that is in the index throughout a <see cref="TryFind"/> is found, independent of concurrent changes to other entries.
/// </item>
/// <item>After <see cref="Remove"/> has returned, no <see cref="TryFind"/> that starts afterwards returns the entry.</item>
/// <item>A <see cref="TryFind"/> that overlaps the removal may still return the entry. A caller that must not act on a removed entry marks
/// the removal elsewhere before it removes the entry, and checks the mark after it finds one.
/// <see cref="KeyCache"/> does this with its version.</item>
/// <item>The data beside an entry always belongs to that entry.</item>
/// </list>
/// <para>
/// Reason for the first: an entry stays in its slot while it is in a table, and no slot between its home and that slot becomes empty. A
/// removed entry's slot keeps its mark (a tombstone) unless the slot after it is empty; then no entry lies beyond it. A full table is
/// copied, and one write publishes the copy. The old table is never written again, so a reader that is still in it finds its content from
/// the start of the read. Reason for the second: a later reader starts from the newest table, and the removal wrote to that table. Reason
/// for the fourth: a slot is written only while it shows no entry, its entry is written last, and a removed entry never returns. A reader
/// that sees the same entry before and after it reads the rest of the slot has therefore read the data that was written with that entry.
/// </para>
/// </remarks>
public sealed class TagIndex<T, TBeside>
    where T : Tagged<TBeside>
    where TBeside : class
{
    /// <summary>The greatest number of entries of an index.</summary>
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
    /// <param name="expected">The number of entries to reserve room for.</param>
    public TagIndex(int expected = 0) => slots = new Slot[SlotsFor(expected)];

    /// <summary>The number of entries.</summary>
    public int Count => count;

    /// <summary>The number of slots of the table.</summary>
    internal int CapacityInSlots => slots.Length;

    /// <summary>The entry with this tag, or null.</summary>
    public T? Find(UInt128 tag) => TryFind(tag, out var found) ? found.Entry : null;

    /// <summary>
    /// Finds the entry with this tag, and the data beside it. Takes no lock, allocates nothing, and ends after at most one round of the
    /// table.
    /// </summary>
    public bool TryFind(UInt128 tag, out Found<T, TBeside> found)
    {
        var table = slots;
        var (mark, mark2) = (Mark(tag), Mark2(tag));
        var last = table.Length - 1;
        var at = Home(mark, last);
        for (var probes = 0; probes <= last; probes++)
        {
            ref var slot = ref table[at & last];
            var seen = Volatile.Read(ref slot.Mark);
            if (seen == mark && Volatile.Read(ref slot.Entry) is { } entry)
            {
                // Compares the mark again: another entry may have taken the slot since the first read.
                var (isIt, beside, number) = (slot.Mark == mark && slot.Mark2 == mark2, slot.Beside, slot.BesideNumber);
                Volatile.ReadBarrier();
                // If the slot shows another entry now, the first one was removed during this call, and the second was added during it.
                // Neither has to be found.
                if (isIt && ReferenceEquals(slot.Entry, entry))
                {
                    found = new Found<T, TBeside>(entry, beside!, number);
                    return true;
                }
            }

            if (seen == 0)
                break;
            at++;
        }

        found = default;
        return false;
    }

    /// <summary>
    /// Prefetches the memory that <see cref="TryFind"/> reads for this tag. This is only a hint: it changes no result, and has no effect on
    /// processors without such an instruction.
    /// </summary>
    public unsafe void Prefetch(UInt128 tag)
    {
        if (!Sse.IsSupported)
            return;
        var table = slots;
        var place = (byte*)Unsafe.AsPointer(ref table[Home(Mark(tag), table.Length - 1)]);
        Sse.Prefetch0(place);
        // The runtime chooses the alignment of tables: a slot may lie in two cache lines.
        Sse.Prefetch0(place + Unsafe.SizeOf<Slot>() - 1);
    }

    /// <summary>
    /// Prefetches for several tags at once instead of one after another, and also prefetches their entries, for callers that read the
    /// entries that they find.
    /// </summary>
    public unsafe void Prefetch(ReadOnlySpan<UInt128> tags)
    {
        if (!Sse.IsSupported)
            return;
        foreach (ref readonly var tag in tags)
            Prefetch(tag);
        var table = slots;
        var last = table.Length - 1;
        foreach (ref readonly var tag in tags)
        {
            var mark = Mark(tag);
            var at = Home(mark, last);
            for (var probes = 0; probes < PrefetchedProbes && table[at].Mark != mark; probes++)
                at = (at + 1) & last;
            // The entry may be another one, or be moved meanwhile. This is harmless: only a caller that finds the entry reads the
            // prefetched memory.
            var place = (byte*)Unsafe.As<T?, nint>(ref table[at].Entry);
            Sse.Prefetch0(place);
            Sse.Prefetch0(place + CacheLineBytes);
        }
    }

    /// <summary>
    /// Adds an entry, unless the index has one with an equal tag: that one stays. A removed entry must not be added again.
    /// </summary>
    /// <returns>The entry that is in the index.</returns>
    /// <exception cref="InvalidOperationException">The index holds <see cref="MaximumCount"/> entries.</exception>
    public T Add(T entry)
    {
        lock (writing)
        {
            if (SlotOf(entry.Tag) is >= 0 and var at)
                return slots[at].Entry!;
            MakeRoom();
            Place(
                slots,
                new Slot
                {
                    Mark = Mark(entry.Tag),
                    Mark2 = Mark2(entry.Tag),
                    Beside = entry.Beside,
                    BesideNumber = entry.BesideNumber,
                    Entry = entry,
                });
            count++;
            // The write is visible to all threads before the caller continues: see Remove.
            Interlocked.MemoryBarrier();
            return entry;
        }
    }

    /// <summary>Removes exactly this entry; another entry with the same tag stays.</summary>
    /// <returns>Whether the entry was in the index.</returns>
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
            // A processor may delay a write while it runs on. The guarantee to later readers needs this write to be visible first, before
            // any later write to the slot.
            Interlocked.MemoryBarrier();
            slots[at].Beside = null;
            return true;
        }
    }

    /// <summary>
    /// Visits every entry while other writers wait. The visitor may <see cref="Remove"/> entries, and must not <see cref="Add"/>.
    /// </summary>
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
    /// Returns an entry at or soon after a place in the table, for an owner that evicts the least useful of a few entries. With random
    /// places, each entry is returned about equally often. Takes no lock.
    /// </summary>
    /// <param name="place">Any number; random ones give random entries.</param>
    /// <returns>An entry; null when the next 64 slots hold none, so that the caller tries another place.</returns>
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

    // A mark is never 0: an empty slot has the mark 0.
    private static ulong Mark(UInt128 tag) => (ulong)tag | 1;

    private static uint Mark2(UInt128 tag) => (uint)(tag >> 64);

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
        var (mark, mark2) = (Mark(tag), Mark2(tag));
        var last = slots.Length - 1;
        for (var at = Home(mark, last); slots[at].Mark != 0; at = (at + 1) & last)
        {
            if (slots[at].Mark == mark && slots[at].Mark2 == mark2 && slots[at].Entry is not null)
                return at;
        }

        return -1;
    }

    // Uses the first slot of the probe sequence that holds no entry. The entry is written last: a reader that sees it sees the rest.
    private void Place(Slot[] table, in Slot its)
    {
        var last = table.Length - 1;
        var at = Home(its.Mark, last);
        while (table[at].Entry is not null)
            at = (at + 1) & last;
        ref var slot = ref table[at];
        if (slot.Mark == 0)
            used++;
        slot.Mark2 = its.Mark2;
        slot.Beside = its.Beside;
        slot.BesideNumber = its.BesideNumber;
        Volatile.Write(ref slot.Mark, its.Mark);
        Volatile.Write(ref slot.Entry, its.Entry);
    }

    // Called before an entry is added. One slot at least stays empty: it ends every search.
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
            if (slot.Entry is not null)
                Place(table, slot);
        }

        slots = table;
    }

    // No search passes a tombstone before an empty slot. That tombstone and the ones before it become empty again.
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
        public T? Entry;
        public TBeside? Beside;
        public ulong Mark;
        public uint Mark2;
        public uint BesideNumber;
    }
}
