using System.Collections;
using System.Runtime.CompilerServices;

namespace Warder.Cedar.Syntax;

/// <summary>The parts of a piece of syntax, in their order. Immutable; two are equal when their parts are.</summary>
/// <typeparam name="T">What the parts are.</typeparam>
[CollectionBuilder(typeof(SyntaxList), nameof(SyntaxList.Create))]
public readonly struct SyntaxList<T> : IReadOnlyList<T>, IEquatable<SyntaxList<T>>
{
    private readonly T[]? _items;

    internal SyntaxList(T[] items) => _items = items;

    /// <summary>How many there are.</summary>
    public int Count => _items?.Length ?? 0;

    internal ReadOnlySpan<T> Span => _items;

    /// <summary>What tells a list that several declarations share from another with the same parts; null of an empty list.</summary>
    internal object? Shared => _items;

    /// <summary>The one at a place, from 0.</summary>
    public T this[int index] => Span[index];

    /// <summary>Whether two lists have the same parts.</summary>
    public static bool operator ==(SyntaxList<T> left, SyntaxList<T> right) => left.Equals(right);

    /// <summary>Whether two lists have different parts.</summary>
    public static bool operator !=(SyntaxList<T> left, SyntaxList<T> right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SyntaxList<T> other)
    {
        if (Count != other.Count)
            return false;
        for (var i = 0; i < Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(this[i], other[i]))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SyntaxList<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in Span)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>The parts.</summary>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes lists of syntax.</summary>
public static class SyntaxList
{
    /// <summary>The list of these parts.</summary>
    public static SyntaxList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
