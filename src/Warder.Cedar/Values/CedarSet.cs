using System.Collections;
using System.Runtime.CompilerServices;

namespace Warder.Cedar.Values;

/// <summary>
/// An unordered set of distinct values of any types. Immutable. A membership test takes constant time. (Cedar documentation: "Set".)
/// </summary>
[CollectionBuilder(typeof(CedarSet), nameof(Create))]
public sealed class CedarSet : IEquatable<CedarSet>, IReadOnlyCollection<Value>
{
    // Up to this size a linear search is faster than hashing.
    private const int Few = 8;

    // The steps of a lookup beside the comparison: one slot and one element are read at arbitrary memory locations.
    private const int LookUpSteps = 2;

    private readonly Value[] _elements;

    // Open addressing over the elements' hashes. A slot holds a hash and the index of the element plus one. Null for few elements. An
    // element with another hash is not read.
    private readonly long[]? _slots;
    private readonly int _hash;

    private CedarSet(Value[] elements, long[]? slots)
    {
        (_elements, _slots) = (elements, slots);

        // A sum does not depend on the order of the elements. Each hash is mixed first: otherwise sets of sets with equal sums could be
        // constructed.
        foreach (ref readonly var element in elements.AsSpan())
            _hash += HashCode.Combine(element.GetHashCode());
        (Depth, var weight) = CedarRecord.Measure(elements);
        Weight = elements.Length <= Few ? weight : (int)Math.Min(int.MaxValue, weight + ((long)LookUpSteps * elements.Length));
    }

    /// <summary>The set without elements.</summary>
    public static CedarSet Empty { get; } = new([], null);

    /// <summary>The number of distinct elements.</summary>
    public int Count => _elements.Length;

    /// <summary>The nesting depth of sets and records: 1 for a set of simple values.</summary>
    public int Depth { get; }

    /// <summary>
    /// The evaluation steps of a comparison with an equal set. They count all text and values, including nested ones.
    /// </summary>
    internal int Weight { get; }

    internal ReadOnlySpan<Value> Elements => _elements;

    /// <summary>Creates a set.</summary>
    /// <exception cref="ArgumentException">
    /// A value is <c>default</c>, or the values are nested deeper than <see cref="Limits.Depth"/>.
    /// </exception>
    public static CedarSet Create(ReadOnlySpan<Value> values)
    {
        foreach (var value in values)
            CedarRecord.ThrowIfUnfit(value);
        return Of(values);
    }

    /// <summary>Whether the set contains a value.</summary>
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

    /// <summary>Whether the set contains all elements of another set.</summary>
    public bool ContainsAll(CedarSet other)
    {
        foreach (ref readonly var element in other._elements.AsSpan())
        {
            if (!Contains(element))
                return false;
        }

        return true;
    }

    /// <summary>Whether the set contains at least one element of another set.</summary>
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

    /// <summary>Computes the evaluation steps of looking up a number of values with this total weight.</summary>
    internal long StepsToFind(long weight, int count) => _slots is null ? weight : weight + (LookUpSteps * (long)count);

    /// <summary>
    /// Computes the evaluation steps of <see cref="ContainsAny"/>, which looks the elements of the smaller set up in the larger set.
    /// </summary>
    internal long StepsToFindAny(CedarSet other)
        => other.Count < Count ? StepsToFind(other.Weight, other.Count) : other.StepsToFind(Weight, Count);

    /// <inheritdoc/>
    public bool Equals(CedarSet? other)
        => ReferenceEquals(this, other) || (other is not null && Count == other.Count && _hash == other._hash && ContainsAll(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CedarSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>Enumerates the elements, in the order of their first occurrence.</summary>
    public IEnumerator<Value> GetEnumerator() => ((IEnumerable<Value>)_elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Formats the set in policy syntax.</summary>
    public override string ToString() => ((Value)this).ToString();

    // Invariant: the caller has validated the values.
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
