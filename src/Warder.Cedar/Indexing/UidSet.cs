using System.Collections;
using System.Numerics;

namespace Warder.Cedar.Indexing;

/// <summary>An immutable set of uids. A lookup compares the precomputed hashes before the uids.</summary>
internal sealed class UidSet : IReadOnlyCollection<EntityUid>
{
    // Up to this size a linear search is faster than a hash table.
    private const int Few = 4;

    private readonly EntityUid[] _items;
    private readonly EntityUid?[]? _table;

    // Invariant: the caller has removed duplicates.
    private UidSet(EntityUid[] items)
    {
        _items = items;
        foreach (var item in items)
            Weight += item.Weight;
        if (items.Length <= Few)
            return;
        _table = new EntityUid?[BitOperations.RoundUpToPowerOf2((uint)items.Length * 2)];
        foreach (var item in items)
        {
            var slot = item.GetHashCode() & (_table.Length - 1);
            while (_table[slot] is not null)
                slot = (slot + 1) & (_table.Length - 1);
            _table[slot] = item;
        }
    }

    public static UidSet Empty { get; } = new([]);

    public int Count => _items.Length;

    /// <summary>The total evaluation steps of comparing each uid with an equal one.</summary>
    public long Weight { get; }

    public ReadOnlySpan<EntityUid> Items => _items;

    public static UidSet Of(IReadOnlyCollection<EntityUid> distinct) => distinct.Count == 0 ? Empty : new([.. distinct]);

    public bool Contains(EntityUid uid)
    {
        if (_table is not { } table)
        {
            foreach (var item in _items)
            {
                if (item.Equals(uid))
                    return true;
            }

            return false;
        }

        var slot = uid.GetHashCode() & (table.Length - 1);
        while (table[slot] is { } found)
        {
            if (found.Equals(uid))
                return true;
            slot = (slot + 1) & (table.Length - 1);
        }

        return false;
    }

    public IEnumerator<EntityUid> GetEnumerator() => ((IEnumerable<EntityUid>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
