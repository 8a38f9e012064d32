using Warder.Cedar.Schemas;

namespace Warder.Cedar.Validation;

/// <summary>
/// The type of an expression, and the capabilities that hold where the expression is true. A missing type means that an error was reported.
/// </summary>
internal readonly record struct Typed(CedarType? Type, Capabilities Gained)
{
    public static Typed Failed => default;

    public static implicit operator Typed(CedarType? type) => new(type, Capabilities.None);
}
