using System.Collections;
using System.Runtime.CompilerServices;

namespace Warder.Cedar.Syntax;

/// <summary>An immutable list of syntax elements. Two lists are equal when their elements are equal.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
[CollectionBuilder(typeof(SyntaxList), nameof(SyntaxList.Create))]
public readonly struct SyntaxList<T> : IReadOnlyList<T>, IEquatable<SyntaxList<T>>
{
    private readonly T[]? _items;

    internal SyntaxList(T[] items) => _items = items;

    /// <summary>The number of elements.</summary>
    public int Count => _items?.Length ?? 0;

    internal ReadOnlySpan<T> Span => _items;

    /// <summary>
    /// The identity of a list that several declarations share; null for an empty list. Equal lists can have different identities.
    /// </summary>
    internal object? Shared => _items;

    /// <summary>The element at a zero-based index.</summary>
    public T this[int index] => Span[index];

    /// <summary>Whether two lists have equal elements.</summary>
    public static bool operator ==(SyntaxList<T> left, SyntaxList<T> right) => left.Equals(right);

    /// <summary>Whether two lists have different elements.</summary>
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

    /// <summary>Enumerates the elements.</summary>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Creates syntax lists.</summary>
public static class SyntaxList
{
    /// <summary>Creates a list of these elements.</summary>
    public static SyntaxList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
