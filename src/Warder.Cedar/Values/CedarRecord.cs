using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Values;

/// <summary>
/// Values by name: a record, an entity's attributes or tags, a request's context. Names are any strings, and each is there once. Immutable.
/// (Cedar documentation: "Record".)
/// </summary>
public sealed class CedarRecord : IEquatable<CedarRecord>, IReadOnlyDictionary<string, Value>
{
    // Up to here, looking at each is quicker than a binary search.
    private const int Few = 8;

    // Heavier records compare their hashes first: two records that differ only in their last fields then differ at the first comparison.
    private const int Light = 16;

    // In ordinal order.
    private readonly string[] _names;
    private readonly Value[] _values;
    private int _hash;

    // Whoever calls has seen to the order, and that the values are fit.
    internal CedarRecord(string[] names, Value[] values)
    {
        (_names, _values) = (names, values);
        (Depth, Weight) = Measure(values, names);
    }

    /// <summary>The record without fields.</summary>
    public static CedarRecord Empty { get; } = new([], []);

    /// <summary>How many fields it has.</summary>
    public int Count => _names.Length;

    /// <summary>How deep sets and records are nested in it: 1 for a record of simple values.</summary>
    public int Depth { get; }

    /// <summary>The names, in ordinal order.</summary>
    public IEnumerable<string> Keys => _names;

    /// <summary>The values, in the order of the names.</summary>
    public IEnumerable<Value> Values => _values;

    /// <summary>
    /// The steps that comparing it with an equal one takes: how much text and how many values are in it, also inside others.
    /// </summary>
    internal int Weight { get; }

    internal ReadOnlySpan<string> Names => _names;

    internal ReadOnlySpan<Value> Fields => _values;

    /// <summary>The value of a field.</summary>
    /// <exception cref="KeyNotFoundException">There is no such field.</exception>
    public Value this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The record has no field `{key}`.");

    /// <summary>The record of these fields.</summary>
    /// <exception cref="ArgumentException">
    /// A name is there twice, one of the values is none, or they are nested deeper than <see cref="Limits.Depth"/>.
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
            : throw new ArgumentException($"The field `{duplicate}` is there twice.", nameof(fields));
    }

    /// <summary>The record of these fields.</summary>
    /// <exception cref="ArgumentException">
    /// A name is there twice, one of the values is none, or they are nested deeper than <see cref="Limits.Depth"/>.
    /// </exception>
    public static CedarRecord Create(IEnumerable<KeyValuePair<string, Value>> fields) => Create([.. fields]);

    /// <summary>
    /// Reads a JSON object, such as a request's context, whose values are written as those of entities are (<see
    /// cref="Entities.ParseJson"/>). Errors have the place in the text.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">What it is called in errors.</param>
    /// <param name="limits">How much is read.</param>
    public static Parsed<CedarRecord> ParseJson(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ValueJson.ReadRecord(new SourceText(json, file), limits ?? Limits.Default);
    }

    /// <summary>
    /// The JSON form, as <see cref="ParseJson"/> reads it; what <see cref="Entities.ToJson"/> says of escapes holds here, too.
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

        // Of nested values, hashes are compared first: or what is alike up to its end would be looked at again on each level.
        return ((Depth == 1 && Weight <= Light) || GetHashCode() == other.GetHashCode()) && _names.AsSpan().SequenceEqual(other._names) && _values.AsSpan().SequenceEqual(other._values);
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

    /// <summary>The fields, in the ordinal order of their names.</summary>
    public IEnumerator<KeyValuePair<string, Value>> GetEnumerator()
    {
        for (var i = 0; i < _names.Length; i++)
            yield return KeyValuePair.Create(_names[i], _values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As policies write it.</summary>
    public override string ToString() => ((Value)this).ToString();

    /// <summary>Takes the arrays for its own and brings them into order; false when a name is there twice.</summary>
    internal static bool TryCreate(string[] names, Value[] values, [NotNullWhen(true)] out CedarRecord? record, [NotNullWhen(false)] out string? duplicate)
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

    /// <summary>How deep the whole is that these values are in, and how much there is to look at.</summary>
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
    /// The steps that looking a name up takes; none where it is short and the fields are few, which an operator's own step covers.
    /// </summary>
    internal long StepsToFind(string name)
    {
        if (Count <= Few)
            return (long)Count * (Value.WeightOf(name.Length) - 1);
        return (long)Value.WeightOf(name.Length) * (System.Numerics.BitOperations.Log2((uint)Count) + 1);
    }

    internal static int DepthOf(Value value) => value.TryGet(out CedarSet? set) ? set.Depth : value.TryGet(out CedarRecord? record) ? record.Depth : 0;

    internal static void ThrowIfUnfit(Value value)
    {
        if (value.IsNone)
            throw new ArgumentException("`default` is no value.", nameof(value));
        if (DepthOf(value) >= Limits.Depth)
            throw new ArgumentException($"Values may be nested {Limits.Depth} deep.", nameof(value));
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
