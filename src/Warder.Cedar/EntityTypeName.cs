using System.Diagnostics.CodeAnalysis;
using Warder.Cedar.Syntax;

namespace Warder.Cedar;

/// <summary>
/// The name of an entity type with its namespace: <c>User</c>, <c>Shop::Orders::Order</c>. Each part is an ASCII identifier that is not
/// reserved. <c>::</c> joins the parts, without spaces. (Cedar documentation: "Entities and namespaces".)
/// </summary>
public sealed class EntityTypeName : IEquatable<EntityTypeName>
{
    private readonly int _hash;

    // Invariant: the caller has verified that the text is a valid name.
    internal EntityTypeName(string text)
    {
        Text = text;
        _hash = text.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>The full name: <c>Shop::Orders::Order</c>.</summary>
    public string Text { get; }

    /// <summary>The last part of the name: <c>Order</c>.</summary>
    public string BaseName => Text[(Text.LastIndexOf(':') + 1)..];

    /// <summary>The namespace: <c>Shop::Orders</c>; empty when the name has none.</summary>
    public string Namespace => Text.LastIndexOf(':') is var colon and > 0 ? Text[..(colon - 1)] : "";

    /// <summary>Whether entities of this type are actions: the last part of the name is <c>Action</c>.</summary>
    public bool IsAction => Text.EndsWith("Action", StringComparison.Ordinal) && (Text.Length == 6 || Text[^7] == ':');

    /// <summary>Whether two names are equal.</summary>
    public static bool operator ==(EntityTypeName? left, EntityTypeName? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two names differ.</summary>
    public static bool operator !=(EntityTypeName? left, EntityTypeName? right) => !(left == right);

    /// <summary>Parses an entity type name.</summary>
    /// <returns>Whether the text is a valid entity type name.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EntityTypeName? name)
    {
        name = text is not null && Identifiers.IsPath(text) ? new EntityTypeName(text) : null;
        return name is not null;
    }

    /// <summary>Parses an entity type name.</summary>
    /// <exception cref="FormatException">The text is not a valid entity type name.</exception>
    public static EntityTypeName Parse(string text)
        => TryParse(text, out var name)
            ? name
            : throw new FormatException($"`{text}` is no entity type name, such as `User` or `Shop::Order`.");

    /// <inheritdoc/>
    public bool Equals(EntityTypeName? other)
        => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Text == other.Text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntityTypeName);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>Returns the full name.</summary>
    public override string ToString() => Text;
}
