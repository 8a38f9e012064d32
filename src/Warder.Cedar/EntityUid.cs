using System.Diagnostics.CodeAnalysis;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar;

/// <summary>
/// What an entity is called: a type, and an id, which is any string. Immutable; its hash is computed once, so keep those that are asked for
/// often. (Cedar documentation: "Entity identifiers".)
/// </summary>
public sealed class EntityUid : IEquatable<EntityUid>
{
    private readonly int _hash;

    /// <summary>The name of the entity of this type with this id.</summary>
    public EntityUid(EntityTypeName type, string id)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(id);
        Type = type;
        Id = id;
        _hash = HashOf(type, id);
        Weight = Value.WeightOf((int)Math.Min((long)type.Text.Length + id.Length, int.MaxValue));
    }

    /// <summary>The name of the entity of this type with this id.</summary>
    /// <exception cref="FormatException">The type is no name of a type.</exception>
    public EntityUid(string type, string id)
        : this(EntityTypeName.Parse(type), id)
    {
    }

    /// <summary>Its type.</summary>
    public EntityTypeName Type { get; }

    /// <summary>Its id, without quotation marks or escapes.</summary>
    public string Id { get; }

    /// <summary>The steps that comparing it with an equal one takes.</summary>
    internal int Weight { get; }

    /// <summary>Whether two names are the same.</summary>
    public static bool operator ==(EntityUid? left, EntityUid? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two names differ.</summary>
    public static bool operator !=(EntityUid? left, EntityUid? right) => !(left == right);

    /// <summary>The name, if a text is one as policies write it: <c>User::"alice"</c>, with escapes.</summary>
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

    /// <summary>What the name of this type and id has for a hash.</summary>
    internal static int HashOf(EntityTypeName type, ReadOnlySpan<char> id) => HashCode.Combine(type.GetHashCode(), string.GetHashCode(id, StringComparison.Ordinal));

    /// <inheritdoc/>
    public bool Equals(EntityUid? other)
        => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Id == other.Id && Type.Equals(other.Type));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntityUid);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>As policies write it: <c>User::"alice"</c>.</summary>
    public override string ToString() => $"{Type.Text}::{StringLiteral.Quote(Id)}";
}
