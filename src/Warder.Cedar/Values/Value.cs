using System.Runtime.CompilerServices;

namespace Warder.Cedar.Values;

/// <summary>
/// A Cedar value: a boolean, an integer, a string, an entity uid, a set, a record, or a value of an extension type. Immutable, 16 bytes.
/// Equality is that of <c>==</c> in policies: values of different types are never equal, and sets ignore order and duplicates. (Cedar
/// documentation: "Data types".)
/// </summary>
public readonly struct Value : IEquatable<Value>
{
    // The number of characters that one evaluation step reads.
    private const int CharactersAStep = 32;

    // A longer string carries its hash, so that repeated lookups and comparisons hash it only once.
    private const int CharactersWithoutHash = 1024;

    // The object of a string, entity, set, record or IP value. Otherwise a Mark, which states the type of the number.
    private readonly object? _reference;

    // The number of a value without an object; for a long string its hash.
    private readonly long _number;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Value(object reference, long number = 0) => (_reference, _number) = (reference, number);

    /// <summary>The boolean true.</summary>
    public static Value True => new(Mark.Bool, 1);

    /// <summary>The boolean false.</summary>
    public static Value False => new(Mark.Bool, 0);

    /// <summary>The type of the value.</summary>
    public ValueKind Kind => _reference switch
    {
        null => ValueKind.None,
        Mark mark => mark.Kind,
        string => ValueKind.String,
        EntityUid => ValueKind.Entity,
        CedarSet => ValueKind.Set,
        CedarRecord => ValueKind.Record,
        _ => ValueKind.Ip,
    };

    /// <summary>Whether this is <c>default</c>, which is not a Cedar value.</summary>
    public bool IsNone => _reference is null;

    /// <summary>The evaluation steps of a comparison with an equal value.</summary>
    internal int Weight => _reference switch
    {
        string text => WeightOf(text.Length),
        EntityUid uid => uid.Weight,
        CedarSet set => set.Weight,
        CedarRecord record => record.Weight,
        _ => 1,
    };

    /// <summary>Whether two values are equal.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>Converts a boolean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Value(bool value) => new(Mark.Bool, value ? 1 : 0);

    /// <summary>Converts an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Value(long value) => new(Mark.Long, value);

    /// <summary>Converts a string.</summary>
    public static implicit operator Value(string value)
        => new(value ?? throw new ArgumentNullException(nameof(value)), value.Length > CharactersWithoutHash ? HashOf(value) : 0);

    /// <summary>Converts an entity uid.</summary>
    public static implicit operator Value(EntityUid value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Converts a set.</summary>
    public static implicit operator Value(CedarSet value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Converts a record.</summary>
    public static implicit operator Value(CedarRecord value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Converts a decimal number.</summary>
    public static implicit operator Value(CedarDecimal value) => new(Mark.Decimal, value.TenThousandths);

    /// <summary>Converts an IP address or range.</summary>
    public static implicit operator Value(CedarIp value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Converts a point in time.</summary>
    public static implicit operator Value(CedarDateTime value) => new(Mark.DateTime, value.UnixMilliseconds);

    /// <summary>Converts a duration.</summary>
    public static implicit operator Value(CedarDuration value) => new(Mark.Duration, value.Milliseconds);

    /// <summary>Gets the boolean. Returns false when the value has another type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(out bool value)
    {
        value = _number != 0;
        return ReferenceEquals(_reference, Mark.Bool);
    }

    /// <summary>Gets the integer. Returns false when the value has another type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(out long value)
    {
        value = _number;
        return ReferenceEquals(_reference, Mark.Long);
    }

    /// <summary>Gets the string. Returns false when the value has another type.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => (value = _reference as string) is not null;

    /// <summary>Gets the entity uid. Returns false when the value has another type.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EntityUid? value)
        => (value = _reference as EntityUid) is not null;

    /// <summary>Gets the set. Returns false when the value has another type.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CedarSet? value)
        => (value = _reference as CedarSet) is not null;

    /// <summary>Gets the record. Returns false when the value has another type.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CedarRecord? value)
        => (value = _reference as CedarRecord) is not null;

    /// <summary>Gets the IP address or range. Returns false when the value has another type.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CedarIp? value)
        => (value = _reference as CedarIp) is not null;

    /// <summary>Gets the decimal number. Returns false when the value has another type.</summary>
    public bool TryGet(out CedarDecimal value)
    {
        value = new CedarDecimal(_number);
        return ReferenceEquals(_reference, Mark.Decimal);
    }

    /// <summary>Gets the point in time. Returns false when the value has another type.</summary>
    public bool TryGet(out CedarDateTime value)
    {
        value = new CedarDateTime(_number);
        return ReferenceEquals(_reference, Mark.DateTime);
    }

    /// <summary>Gets the duration. Returns false when the value has another type.</summary>
    public bool TryGet(out CedarDuration value)
    {
        value = new CedarDuration(_number);
        return ReferenceEquals(_reference, Mark.Duration);
    }

    /// <inheritdoc/>
    public bool Equals(Value other)
    {
        if (ReferenceEquals(_reference, other._reference))
            return _number == other._number;
        return _reference switch
        {
            string text => _number == other._number && other._reference is string otherText && string.Equals(text, otherText),
            EntityUid uid => other._reference is EntityUid otherUid && uid.Equals(otherUid),
            CedarSet set => other._reference is CedarSet otherSet && set.Equals(otherSet),
            CedarRecord record => other._reference is CedarRecord otherRecord && record.Equals(otherRecord),
            CedarIp ip => other._reference is CedarIp otherIp && ip.Equals(otherIp),
            _ => false,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _reference switch
    {
        null => 0,
        Mark mark => HashOf(mark.Kind, _number),
        string text => text.Length > CharactersWithoutHash ? (int)_number : HashOf(text),
        var other => other.GetHashCode(),
    };

    /// <summary>Formats the value in policy syntax: <c>[1, "a"]</c>, <c>User::"alice"</c>, <c>ip("::1")</c>.</summary>
    public override string ToString() => Syntax.ValueText.Of(this);

    /// <summary>Computes the evaluation steps of reading a number of characters.</summary>
    internal static int WeightOf(int length) => 1 + (length / CharactersAStep);

    private static int HashOf(string text) => text.GetHashCode(StringComparison.Ordinal);

    // The hash of a number in .NET is predictable, so colliding numbers could be constructed. The hash of a string has a per-process key.
    private static int HashOf(ValueKind kind, long number)
        => string.GetHashCode(
            [(char)kind, (char)number, (char)(number >> 16), (char)(number >> 32), (char)(number >> 48)], StringComparison.Ordinal);

    // The reference of a value that is stored in its number.
    private sealed class Mark(ValueKind kind)
    {
        public static readonly Mark Bool = new(ValueKind.Bool), Long = new(ValueKind.Long), Decimal = new(ValueKind.Decimal),
            DateTime = new(ValueKind.DateTime), Duration = new(ValueKind.Duration);

        public ValueKind Kind { get; } = kind;
    }
}
