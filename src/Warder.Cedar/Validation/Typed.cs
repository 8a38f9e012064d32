using Warder.Cedar.Schemas;

namespace Warder.Cedar.Validation;

/// <summary>
/// What is known of an expression: the type of its value, and what is there when that is true. Without a type, something is wrong with it,
/// and was reported.
/// </summary>
internal readonly record struct Typed(CedarType? Type, Capabilities Gained)
{
    public static Typed Failed => default;

    public static implicit operator Typed(CedarType? type) => new(type, Capabilities.None);
}
