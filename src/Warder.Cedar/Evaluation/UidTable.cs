using System.Numerics;

namespace Warder.Cedar.Evaluation;

/// <summary>Something for each of some entities' names, made once and then only read.</summary>
internal sealed class UidTable<T>
    where T : class
{
    private readonly (EntityUid Key, T? Value)[] _slots;

    public UidTable(IReadOnlyCollection<KeyValuePair<EntityUid, T>> items)
    {
        Count = items.Count;
        _slots = new (EntityUid, T?)[BitOperations.RoundUpToPowerOf2((uint)(items.Count * 2) + 1)];
        foreach (var (key, value) in items)
        {
            var slot = key.GetHashCode() & (_slots.Length - 1);
            while (_slots[slot].Value is not null)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = (key, value);
        }
    }

    public int Count { get; }

    public T? Find(EntityUid key)
    {
        var slots = _slots;
        var slot = key.GetHashCode() & (slots.Length - 1);
        while (true)
        {
            ref readonly var found = ref slots[slot];
            if (found.Value is null || found.Key.Equals(key))
                return found.Value;
            slot = (slot + 1) & (slots.Length - 1);
        }
    }

    public IEnumerable<KeyValuePair<EntityUid, T>> Items()
    {
        foreach (var (key, value) in _slots)
        {
            if (value is not null)
                yield return KeyValuePair.Create(key, value);
        }
    }
}
