using System.Runtime.CompilerServices;

namespace Warder.Cedar.Values;

/// <summary>
/// A value of Cedar's: a boolean, an integer, a string, an entity's name, a set, a record, or one of an extension type. Sixteen bytes,
/// immutable, and compared as <c>==</c> compares in policies: values of different types are never equal, and sets have no order and nothing
/// twice. (Cedar documentation: "Data types".)
/// </summary>
public readonly struct Value : IEquatable<Value>
{
    // A step of a decision reads so many characters.
    private const int CharactersAStep = 32;

    // A longer string carries its hash, so that it is hashed once, however often a decision looks for it or compares it.
    private const int CharactersWithoutHash = 1024;

    // What the number is when the value is no object: the type's mark.
    private readonly object? _reference;

    // Of a long string, its hash.
    private readonly long _number;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Value(object reference, long number = 0) => (_reference, _number) = (reference, number);

    /// <summary>True.</summary>
    public static Value True => new(Mark.Bool, 1);

    /// <summary>False.</summary>
    public static Value False => new(Mark.Bool, 0);

    /// <summary>Its type.</summary>
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

    /// <summary>Whether this is no value: <c>default</c>.</summary>
    public bool IsNone => _reference is null;

    /// <summary>How much there is to look at when it is compared.</summary>
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

    /// <summary>A boolean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Value(bool value) => new(Mark.Bool, value ? 1 : 0);

    /// <summary>An integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Value(long value) => new(Mark.Long, value);

    /// <summary>A string.</summary>
    public static implicit operator Value(string value)
        => new(value ?? throw new ArgumentNullException(nameof(value)), value.Length > CharactersWithoutHash ? HashOf(value) : 0);

    /// <summary>An entity's name.</summary>
    public static implicit operator Value(EntityUid value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A set.</summary>
    public static implicit operator Value(CedarSet value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A record.</summary>
    public static implicit operator Value(CedarRecord value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A decimal number.</summary>
    public static implicit operator Value(CedarDecimal value) => new(Mark.Decimal, value.TenThousandths);

    /// <summary>An IP address or range.</summary>
    public static implicit operator Value(CedarIp value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A moment.</summary>
    public static implicit operator Value(CedarDateTime value) => new(Mark.DateTime, value.UnixMilliseconds);

    /// <summary>A length of time.</summary>
    public static implicit operator Value(CedarDuration value) => new(Mark.Duration, value.Milliseconds);

    /// <summary>The boolean, if it is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(out bool value)
    {
        value = _number != 0;
        return ReferenceEquals(_reference, Mark.Bool);
    }

    /// <summary>The integer, if it is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(out long value)
    {
        value = _number;
        return ReferenceEquals(_reference, Mark.Long);
    }

    /// <summary>The string, if it is one.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => (value = _reference as string) is not null;

    /// <summary>The entity's name, if it is one.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EntityUid? value) => (value = _reference as EntityUid) is not null;

    /// <summary>The set, if it is one.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CedarSet? value) => (value = _reference as CedarSet) is not null;

    /// <summary>The record, if it is one.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CedarRecord? value) => (value = _reference as CedarRecord) is not null;

    /// <summary>The IP address or range, if it is one.</summary>
    public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CedarIp? value) => (value = _reference as CedarIp) is not null;

    /// <summary>The decimal number, if it is one.</summary>
    public bool TryGet(out CedarDecimal value)
    {
        value = new CedarDecimal(_number);
        return ReferenceEquals(_reference, Mark.Decimal);
    }

    /// <summary>The moment, if it is one.</summary>
    public bool TryGet(out CedarDateTime value)
    {
        value = new CedarDateTime(_number);
        return ReferenceEquals(_reference, Mark.DateTime);
    }

    /// <summary>The length of time, if it is one.</summary>
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

    /// <summary>As policies write it: <c>[1, "a"]</c>, <c>User::"alice"</c>, <c>ip("::1")</c>.</summary>
    public override string ToString() => Syntax.ValueText.Of(this);

    /// <summary>The steps that reading so many characters takes.</summary>
    internal static int WeightOf(int length) => 1 + (length / CharactersAStep);

    private static int HashOf(string text) => text.GetHashCode(StringComparison.Ordinal);

    // The class library's hash of a number is known beforehand, so numbers with one hash can be made. Its hash of text has a key of the
    // process.
    private static int HashOf(ValueKind kind, long number)
        => string.GetHashCode([(char)kind, (char)number, (char)(number >> 16), (char)(number >> 32), (char)(number >> 48)], StringComparison.Ordinal);

    // What a value's reference is when the value stands in its number.
    private sealed class Mark(ValueKind kind)
    {
        public static readonly Mark Bool = new(ValueKind.Bool), Long = new(ValueKind.Long), Decimal = new(ValueKind.Decimal),
            DateTime = new(ValueKind.DateTime), Duration = new(ValueKind.Duration);

        public ValueKind Kind { get; } = kind;
    }
}
