using System.Collections;
using System.Runtime.CompilerServices;

namespace Warder.Cedar.Values;

/// <summary>
/// A set of values, of any types: without order, and with nothing twice. Immutable. Looking for a value takes the same time whatever the
/// size. (Cedar documentation: "Set".)
/// </summary>
[CollectionBuilder(typeof(CedarSet), nameof(Create))]
public sealed class CedarSet : IEquatable<CedarSet>, IReadOnlyCollection<Value>
{
    // Up to here, looking at each is quicker than hashing.
    private const int Few = 8;

    // Beside its comparison: a slot and an element are read wherever they are in memory.
    private const int LookUpSteps = 2;

    private readonly Value[] _elements;

    // Open addressing over the elements' hashes, each with the element's place plus one; null for few. An element of another hash is not
    // read.
    private readonly long[]? _slots;
    private readonly int _hash;

    private CedarSet(Value[] elements, long[]? slots)
    {
        (_elements, _slots) = (elements, slots);

        // Sums do not depend on the order. What is added is mixed first, or sets of sets could be made whose sums are alike.
        foreach (ref readonly var element in elements.AsSpan())
            _hash += HashCode.Combine(element.GetHashCode());
        (Depth, var weight) = CedarRecord.Measure(elements);
        Weight = elements.Length <= Few ? weight : (int)Math.Min(int.MaxValue, weight + ((long)LookUpSteps * elements.Length));
    }

    /// <summary>The set without elements.</summary>
    public static CedarSet Empty { get; } = new([], null);

    /// <summary>How many different values are in it.</summary>
    public int Count => _elements.Length;

    /// <summary>How deep sets and records are nested in it: 1 for a set of simple values.</summary>
    public int Depth { get; }

    /// <summary>
    /// The steps that comparing it with an equal one takes: how much text and how many values are in it, also inside others.
    /// </summary>
    internal int Weight { get; }

    internal ReadOnlySpan<Value> Elements => _elements;

    /// <summary>The set of these values.</summary>
    /// <exception cref="ArgumentException">One of them is no value, or they are nested deeper than <see cref="Limits.Depth"/>.</exception>
    public static CedarSet Create(ReadOnlySpan<Value> values)
    {
        foreach (var value in values)
            CedarRecord.ThrowIfUnfit(value);
        return Of(values);
    }

    /// <summary>Whether a value is in it.</summary>
    public bool Contains(Value value)
    {
        if (_slots is not { } slots)
        {
            foreach (ref readonly var element in _elements.AsSpan())
            {
                if (element.Equals(value))
                    return true;
            }

            return false;
        }

        return slots[Find(slots, _elements, value, value.GetHashCode())] != 0;
    }

    /// <summary>Whether all elements of another set are in it.</summary>
    public bool ContainsAll(CedarSet other)
    {
        foreach (ref readonly var element in other._elements.AsSpan())
        {
            if (!Contains(element))
                return false;
        }

        return true;
    }

    /// <summary>Whether some element of another set is in it.</summary>
    public bool ContainsAny(CedarSet other)
    {
        var (smaller, larger) = other.Count < Count ? (other, this) : (this, other);
        foreach (ref readonly var element in smaller._elements.AsSpan())
        {
            if (larger.Contains(element))
                return true;
        }

        return false;
    }

    /// <summary>The steps that looking for values takes that have this weight together.</summary>
    internal long StepsToFind(long weight, int count) => _slots is null ? weight : weight + (LookUpSteps * (long)count);

    /// <summary>The steps that <see cref="ContainsAny"/> takes: what fewer are of is looked for among the others.</summary>
    internal long StepsToFindAny(CedarSet other) => other.Count < Count ? StepsToFind(other.Weight, other.Count) : other.StepsToFind(Weight, Count);

    /// <inheritdoc/>
    public bool Equals(CedarSet? other)
        => ReferenceEquals(this, other) || (other is not null && Count == other.Count && _hash == other._hash && ContainsAll(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CedarSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The elements, in the order in which they were given first.</summary>
    public IEnumerator<Value> GetEnumerator() => ((IEnumerable<Value>)_elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As policies write it.</summary>
    public override string ToString() => ((Value)this).ToString();

    // For values that are known to be fit.
    internal static CedarSet Of(ReadOnlySpan<Value> values)
    {
        if (values.IsEmpty)
            return Empty;
        return values.Length <= Few ? OfFew(values) : OfMany(values);
    }

    private static CedarSet OfFew(ReadOnlySpan<Value> values)
    {
        var elements = new Value[values.Length];
        var count = 0;
        foreach (var value in values)
        {
            if (!elements.AsSpan(0, count).Contains(value))
                elements[count++] = value;
        }

        return new CedarSet(count == elements.Length ? elements : elements[..count], null);
    }

    private static CedarSet OfMany(ReadOnlySpan<Value> values)
    {
        var elements = new Value[values.Length];
        var slots = new long[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)values.Length * 2)];
        var count = 0;
        foreach (var value in values)
        {
            var hash = value.GetHashCode();
            var slot = Find(slots, elements, value, hash);
            if (slots[slot] != 0)
                continue;
            elements[count++] = value;
            slots[slot] = ((long)hash << 32) | (uint)count;
        }

        return new CedarSet(count == elements.Length ? elements : elements[..count], slots);
    }

    private static int Find(long[] slots, Value[] elements, Value value, int hash)
    {
        var mask = slots.Length - 1;
        var place = (int)((uint)hash * 2654435769u >> 7) & mask;
        for (; ; place = (place + 1) & mask)
        {
            var slot = slots[place];
            if (slot == 0 || ((int)(slot >> 32) == hash && elements[(int)slot - 1].Equals(value)))
                return place;
        }
    }
}
