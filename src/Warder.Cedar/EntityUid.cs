using System.Diagnostics.CodeAnalysis;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar;

/// <summary>
/// The unique name of an entity: a type, and an id, which is any string. Immutable. The constructor computes the hash once, so reuse
/// instances that are looked up often. (Cedar documentation: "Entity identifiers".)
/// </summary>
public sealed class EntityUid : IEquatable<EntityUid>
{
    private readonly int _hash;

    /// <summary>Creates the uid of an entity.</summary>
    public EntityUid(EntityTypeName type, string id)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(id);
        Type = type;
        Id = id;
        _hash = HashOf(type, id);
        Weight = Value.WeightOf((int)Math.Min((long)type.Text.Length + id.Length, int.MaxValue));
    }

    /// <summary>Creates the uid of an entity.</summary>
    /// <exception cref="FormatException">The type is not a valid entity type name.</exception>
    public EntityUid(string type, string id)
        : this(EntityTypeName.Parse(type), id)
    {
    }

    /// <summary>The entity type.</summary>
    public EntityTypeName Type { get; }

    /// <summary>The id, without quotation marks or escapes.</summary>
    public string Id { get; }

    /// <summary>The evaluation steps of a comparison with an equal uid.</summary>
    internal int Weight { get; }

    /// <summary>Whether two uids are equal.</summary>
    public static bool operator ==(EntityUid? left, EntityUid? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two uids differ.</summary>
    public static bool operator !=(EntityUid? left, EntityUid? right) => !(left == right);

    /// <summary>Parses a uid in policy syntax, with escapes: <c>User::"alice"</c>.</summary>
    /// <returns>Whether the text is a valid uid.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EntityUid? uid)
    {
        uid = null;
        if (text is null)
            return false;
        var source = new SourceText(text);
        var tokens = new TokenReader(source, new DiagnosticBag(source, 1));
        var read = tokens.ReadPath("an entity type", out var isBeforeString) is { } path && isBeforeString ? tokens.ReadUid(path) : null;
        if (tokens.Current.Kind == TokenKind.EndOfText)
            uid = read;
        return uid is not null;
    }

    /// <summary>Computes the hash of the uid with this type and id.</summary>
    internal static int HashOf(EntityTypeName type, ReadOnlySpan<char> id)
        => HashCode.Combine(type.GetHashCode(), string.GetHashCode(id, StringComparison.Ordinal));

    /// <inheritdoc/>
    public bool Equals(EntityUid? other)
        => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Id == other.Id && Type.Equals(other.Type));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntityUid);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>Formats the uid in policy syntax: <c>User::"alice"</c>.</summary>
    public override string ToString() => $"{Type.Text}::{StringLiteral.Quote(Id)}";
}
