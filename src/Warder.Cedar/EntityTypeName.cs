using System.Diagnostics.CodeAnalysis;
using Warder.Cedar.Syntax;

namespace Warder.Cedar;

/// <summary>
/// The name of an entity type, with its namespace: <c>User</c>, <c>Shop::Orders::Order</c>. Each part is an ASCII identifier and no
/// reserved word; parts are joined by <c>::</c> without spaces. (Cedar documentation: "Entities and namespaces".)
/// </summary>
public sealed class EntityTypeName : IEquatable<EntityTypeName>
{
    private readonly int _hash;

    // Whoever calls has seen to it that the text is a name.
    internal EntityTypeName(string text)
    {
        Text = text;
        _hash = text.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>All of it: <c>Shop::Orders::Order</c>.</summary>
    public string Text { get; }

    /// <summary>Its last part: <c>Order</c>.</summary>
    public string BaseName => Text[(Text.LastIndexOf(':') + 1)..];

    /// <summary>What stands before the last part: <c>Shop::Orders</c>, or nothing.</summary>
    public string Namespace => Text.LastIndexOf(':') is var colon and > 0 ? Text[..(colon - 1)] : "";

    /// <summary>Whether entities of this type are actions: the last part is <c>Action</c>.</summary>
    public bool IsAction => Text.EndsWith("Action", StringComparison.Ordinal) && (Text.Length == 6 || Text[^7] == ':');

    /// <summary>Whether two names are the same.</summary>
    public static bool operator ==(EntityTypeName? left, EntityTypeName? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two names differ.</summary>
    public static bool operator !=(EntityTypeName? left, EntityTypeName? right) => !(left == right);

    /// <summary>The name, if the text is one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EntityTypeName? name)
    {
        name = text is not null && Identifiers.IsPath(text) ? new EntityTypeName(text) : null;
        return name is not null;
    }

    /// <summary>The name.</summary>
    /// <exception cref="FormatException">The text is no name of a type.</exception>
    public static EntityTypeName Parse(string text)
        => TryParse(text, out var name) ? name : throw new FormatException($"`{text}` is no entity type name, such as `User` or `Shop::Order`.");

    /// <inheritdoc/>
    public bool Equals(EntityTypeName? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Text == other.Text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntityTypeName);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>All of it.</summary>
    public override string ToString() => Text;
}
