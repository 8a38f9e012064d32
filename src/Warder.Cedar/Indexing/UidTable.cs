using System.Numerics;

namespace Warder.Cedar.Indexing;

/// <summary>
/// An immutable map from uids to values. Each slot contains the hash of its key, so that a lookup reads no other key.
/// </summary>
internal sealed class UidTable<T>
    where T : class
{
    private readonly Slot[] _slots;

    public UidTable(IReadOnlyCollection<KeyValuePair<EntityUid, T>> items)
    {
        Count = items.Count;
        foreach (var item in items)
            Weight += item.Key.Weight;
        _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)(items.Count * 2) + 1)];
        foreach (var (key, value) in items)
        {
            var slot = key.GetHashCode() & (_slots.Length - 1);
            while (_slots[slot].Value is not null)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = new Slot(key.GetHashCode(), key, value);
        }
    }

    public int Count { get; }

    /// <summary>The total evaluation steps of comparing each uid with an equal one.</summary>
    public long Weight { get; }

    /// <summary>All slots, including empty ones.</summary>
    public ReadOnlySpan<Slot> Slots => _slots;

    public T? Find(EntityUid key) => Find(key, key.GetHashCode());

    /// <summary>Finds the value of a key whose hash is known.</summary>
    public T? Find(EntityUid key, int hash)
    {
        var slots = _slots;
        for (var at = hash; ; at++)
        {
            ref readonly var slot = ref slots[at & (slots.Length - 1)];
            if (slot.Value is null || (slot.Hash == hash && slot.Key.Equals(key)))
                return slot.Value;
        }
    }

    public IEnumerable<KeyValuePair<EntityUid, T>> Items()
    {
        foreach (var slot in _slots)
        {
            if (slot.Value is not null)
                yield return KeyValuePair.Create(slot.Key, slot.Value);
        }
    }

    /// <summary>A key and its value. An empty slot has no value.</summary>
    public readonly record struct Slot(int Hash, EntityUid Key, T? Value);
}
