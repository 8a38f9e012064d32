using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Warder.Core.Verification.Tags;

/// <summary>What a <see cref="TagIndex{T, TBeside}"/> holds: something that is known by a token's tag.</summary>
/// <param name="tag">From <see cref="TokenTagger.Tag"/>.</param>
public abstract class Tagged<TBeside>(UInt128 tag)
    where TBeside : class
{
    /// <summary>The tag, the same for the entry's whole life.</summary>
    public UInt128 Tag { get; } = tag;

    /// <summary>
    /// What a look-up tells of the entry without touching it, so that waiting for the entry's memory can be spared; the same for the
    /// entry's whole life.
    /// </summary>
    protected internal abstract TBeside Beside { get; }

    /// <summary>The same, a number.</summary>
    protected internal virtual uint BesideNumber => 0;
}

/// <summary>What a look-up has found.</summary>
/// <param name="Entry">The entry, which was not touched.</param>
/// <param name="Beside">Its <see cref="Tagged{TBeside}.Beside"/>.</param>
/// <param name="BesideNumber">Its <see cref="Tagged{TBeside}.BesideNumber"/>.</param>
public readonly record struct Found<T, TBeside>(T Entry, TBeside Beside, uint BesideNumber);

/// <summary>
/// A table from tags to entries that any number of threads read without locks while others write. A slot takes 32 bytes; seven in ten are
/// in use when it grows and three and a half afterwards, so an entry costs 46 to 92 bytes here. A look-up waits for its slot, and not for
/// the entry.
/// </summary>
/// <remarks>
/// <para>Tags are told apart by their bits 1 to 95: what AES-CMAC-96 (RFC 4494) keeps, less one.</para>
/// <para>Open addressing with linear probing. Writers exclude each other by the index's own lock. What readers may rely on:</para>
/// <list type="number">
/// <item>An entry that is in the index throughout a <see cref="TryFind"/> is found, whatever happens to other entries meanwhile.</item>
/// <item>After <see cref="Remove"/> has returned, no <see cref="TryFind"/> that starts afterwards returns the entry.</item>
/// <item>A <see cref="TryFind"/> that overlaps the removal may still return the entry. Whoever must not act on a removed entry says so
/// elsewhere before removing it, and looks there after finding it, as
/// <see cref="KeyCache"/> does with its version.</item>
/// <item>What is told of an entry is that entry's own.</item>
/// </list>
/// <para>
/// Why the first holds: while an entry is in a table it stays in its slot, and no slot between its home and that one becomes empty, for
/// a removed entry's slot keeps its mark (a tombstone) unless the slot after it is empty, and then nothing lies beyond it. A full table
/// is copied, and the copy is published by one write; the old table is never written again, so a reader that is still in it finds
/// what was there when it started. Why the second holds: a later reader starts from the newest table, and that is the one which was
/// written. Why the fourth holds: a slot is written only while it shows no entry, its entry last, and no entry comes back once it was
/// removed; so a reader who has seen the same entry before and after it read the rest of the slot has read what was written with that
/// entry.
/// </para>
/// </remarks>
public sealed class TagIndex<T, TBeside>
    where T : Tagged<TBeside>
    where TBeside : class
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

    /// <summary>The entry with this tag, or null.</summary>
    public T? Find(UInt128 tag) => TryFind(tag, out var found) ? found.Entry : null;

    /// <summary>
    /// The entry with this tag, and what there is beside it. Takes no lock, allocates nothing, and ends after one round of the table at
    /// most.
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
                // The mark once more: the slot may have come to that entry since it was read.
                var (isIt, beside, number) = (slot.Mark == mark && slot.Mark2 == mark2, slot.Beside, slot.BesideNumber);
                Volatile.ReadBarrier();
                // If it is another by now, the one that was seen has gone since this began, and the other came since: neither has to be
                // found.
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
    /// Has the processor bring near what <see cref="TryFind"/> will look at for this tag. A hint, and nothing more: it changes no answer,
    /// and does nothing where there is no such instruction.
    /// </summary>
    public unsafe void Prefetch(UInt128 tag)
    {
        if (!Sse.IsSupported)
            return;
        var table = slots;
        var place = (byte*)Unsafe.AsPointer(ref table[Home(Mark(tag), table.Length - 1)]);
        Sse.Prefetch0(place);
        // Where tables begin is not ours to say: a slot may lie in two lines.
        Sse.Prefetch0(place + Unsafe.SizeOf<Slot>() - 1);
    }

    /// <summary>
    /// The same for each of these tags, all at once in the place of one after another; and for their entries, which whoever finds them may
    /// use.
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
            // Whichever entry that is, and wherever it is moved to meanwhile: what is brought near is read by nobody but who finds it.
            var place = (byte*)Unsafe.As<T?, nint>(ref table[at].Entry);
            Sse.Prefetch0(place);
            Sse.Prefetch0(place + CacheLineBytes);
        }
    }

    /// <summary>
    /// Puts an entry in, unless there is one with an equal tag: that one stays. An entry that was removed must not come back.
    /// </summary>
    /// <returns>The one that is in.</returns>
    /// <exception cref="InvalidOperationException">The index holds <see cref="MaximumCount"/> entries.</exception>
    public T Add(T entry)
    {
        lock (writing)
        {
            if (SlotOf(entry.Tag) is >= 0 and var at)
                return slots[at].Entry!;
            MakeRoom();
            Place(slots, new Slot { Mark = Mark(entry.Tag), Mark2 = Mark2(entry.Tag), Beside = entry.Beside, BesideNumber = entry.BesideNumber, Entry = entry });
            count++;
            // The write is out before the caller is told: see Remove.
            Interlocked.MemoryBarrier();
            return entry;
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
            // A processor may hold a write back while it runs on; the promise to later readers needs it to be out, and before whatever is
            // written into the slot next.
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

    // A mark is never 0, which is what an empty slot has.
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

    // Into the first slot on the way that holds no entry. The entry last: a reader who sees it sees the rest.
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
            if (slot.Entry is not null)
                Place(table, slot);
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
        public T? Entry;
        public TBeside? Beside;
        public ulong Mark;
        public uint Mark2;
        public uint BesideNumber;
    }
}
