using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Values;

/// <summary>
/// A record: values by name. It is a record value, the attributes or tags of an entity, or the context of a request. Names are unique
/// strings. Immutable. (Cedar documentation: "Record".)
/// </summary>
public sealed class CedarRecord : IEquatable<CedarRecord>, IReadOnlyDictionary<string, Value>
{
    // Up to this size a linear search is faster than a binary search.
    private const int Few = 8;

    // Records above this weight compare their hashes first. Two records that differ only in their last fields then differ at the first
    // comparison.
    private const int Light = 16;

    // Sorted in ordinal order.
    private readonly string[] _names;
    private readonly Value[] _values;
    private int _hash;

    // Invariant: the caller has sorted the names and validated the values.
    internal CedarRecord(string[] names, Value[] values)
    {
        (_names, _values) = (names, values);
        (Depth, Weight) = Measure(values, names);
    }

    /// <summary>The record without fields.</summary>
    public static CedarRecord Empty { get; } = new([], []);

    /// <summary>The number of fields.</summary>
    public int Count => _names.Length;

    /// <summary>The nesting depth of sets and records: 1 for a record of simple values.</summary>
    public int Depth { get; }

    /// <summary>The names, in ordinal order.</summary>
    public IEnumerable<string> Keys => _names;

    /// <summary>The values, in the order of the names.</summary>
    public IEnumerable<Value> Values => _values;

    /// <summary>
    /// The evaluation steps of a comparison with an equal record. They count all text and values, including nested ones.
    /// </summary>
    internal int Weight { get; }

    internal ReadOnlySpan<string> Names => _names;

    internal ReadOnlySpan<Value> Fields => _values;

    /// <summary>The value of a field.</summary>
    /// <exception cref="KeyNotFoundException">The record has no field with this name.</exception>
    public Value this[string key]
        => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The record has no field `{key}`.");

    /// <summary>Creates a record.</summary>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, a value is <c>default</c>, or the values are nested deeper than <see cref="Limits.Depth"/>.
    /// </exception>
    public static CedarRecord Create(params ReadOnlySpan<KeyValuePair<string, Value>> fields)
    {
        if (fields.IsEmpty)
            return Empty;
        var names = new string[fields.Length];
        var values = new Value[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            ThrowIfUnfit(fields[i].Value);
            (names[i], values[i]) = (fields[i].Key ?? throw new ArgumentException("A field has no name.", nameof(fields)), fields[i].Value);
        }

        return TryCreate(names, values, out var record, out var duplicate)
            ? record
            : throw new ArgumentException($"The field `{duplicate}` occurs twice.", nameof(fields));
    }

    /// <summary>Creates a record.</summary>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, a value is <c>default</c>, or the values are nested deeper than <see cref="Limits.Depth"/>.
    /// </exception>
    public static CedarRecord Create(IEnumerable<KeyValuePair<string, Value>> fields) => Create([.. fields]);

    /// <summary>
    /// Parses a JSON object, such as the context of a request. Its values have the form of attribute values in
    /// <see cref="Entities.ParseJson"/>. Each error has its position in the text.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">The name of the document in error messages.</param>
    /// <param name="limits">The bounds on the input.</param>
    public static Parsed<CedarRecord> ParseJson(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ValueJson.ReadRecord(new SourceText(json, file), limits ?? Limits.Default);
    }

    /// <summary>
    /// Formats the record as JSON for <see cref="ParseJson"/>. The restriction of <see cref="Entities.ToJson"/> on escapes applies.
    /// </summary>
    public string ToJson() => ValueWriter.Of(this);

    /// <inheritdoc/>
    public bool TryGetValue(string key, out Value value)
    {
        var place = Find(key);
        value = place < 0 ? default : _values[place];
        return place >= 0;
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Find(key) >= 0;

    /// <inheritdoc/>
    public bool Equals(CedarRecord? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || Count != other.Count || Depth != other.Depth || Weight != other.Weight)
            return false;

        // Nested values compare their hashes first. Without that, values that differ only at their end would be compared again on each
        // level.
        return ((Depth == 1 && Weight <= Light) || GetHashCode() == other.GetHashCode()) && _names.AsSpan().SequenceEqual(other._names)
            && _values.AsSpan().SequenceEqual(other._values);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CedarRecord);

    /// <inheritdoc/>
    [SuppressMessage("Minor Bug", "S2328", Justification = "What is remembered follows from what never changes.")]
    public override int GetHashCode()
    {
        if (_hash != 0)
            return _hash;
        var hash = default(HashCode);
        for (var i = 0; i < _names.Length; i++)
        {
            hash.Add(_names[i].GetHashCode(StringComparison.Ordinal));
            hash.Add(_values[i].GetHashCode());
        }

        return _hash = hash.ToHashCode() | 1;
    }

    /// <summary>Enumerates the fields, in the ordinal order of their names.</summary>
    public IEnumerator<KeyValuePair<string, Value>> GetEnumerator()
    {
        for (var i = 0; i < _names.Length; i++)
            yield return KeyValuePair.Create(_names[i], _values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Formats the record in policy syntax.</summary>
    public override string ToString() => ((Value)this).ToString();

    /// <summary>Creates a record from two arrays, which it keeps and sorts. Returns false when a name occurs twice.</summary>
    internal static bool TryCreate(
        string[] names, Value[] values, [NotNullWhen(true)] out CedarRecord? record, [NotNullWhen(false)] out string? duplicate)
    {
        (record, duplicate) = (null, null);
        if (names.Length == 0)
        {
            record = Empty;
            return true;
        }

        Array.Sort(names, values, StringComparer.Ordinal);
        for (var i = 1; i < names.Length; i++)
        {
            if (names[i] == names[i - 1])
            {
                duplicate = names[i];
                return false;
            }
        }

        record = new CedarRecord(names, values);
        return true;
    }

    /// <summary>Computes the depth and the weight of a set or record that consists of these values.</summary>
    internal static (int Depth, int Weight) Measure(ReadOnlySpan<Value> values, ReadOnlySpan<string> names = default)
    {
        var (depth, weight) = (0, 1L);
        foreach (var name in names)
            weight += Value.WeightOf(name.Length) - 1;
        foreach (ref readonly var value in values)
        {
            depth = Math.Max(depth, DepthOf(value));
            weight += value.Weight;
        }

        return (depth + 1, (int)Math.Min(weight, int.MaxValue));
    }

    /// <summary>
    /// Computes the evaluation steps of a name lookup. A short name among few fields costs none; the step of the operator covers it.
    /// </summary>
    internal long StepsToFind(string name)
    {
        if (Count <= Few)
            return (long)Count * (Value.WeightOf(name.Length) - 1);
        return (long)Value.WeightOf(name.Length) * (System.Numerics.BitOperations.Log2((uint)Count) + 1);
    }

    internal static int DepthOf(Value value)
        => value.TryGet(out CedarSet? set) ? set.Depth : value.TryGet(out CedarRecord? record) ? record.Depth : 0;

    internal static void ThrowIfUnfit(Value value)
    {
        if (value.IsNone)
            throw new ArgumentException("`default` is no value.", nameof(value));
        if (DepthOf(value) >= Limits.Depth)
            throw new ArgumentException($"Values may be nested at most {Limits.Depth} deep.", nameof(value));
    }

    private int Find(string name)
    {
        var names = _names;
        if (names.Length > Few)
            return Array.BinarySearch(names, name, StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (string.Equals(names[i], name))
                return i;
        }

        return -1;
    }
}
