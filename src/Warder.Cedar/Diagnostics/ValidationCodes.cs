namespace Warder.Cedar.Diagnostics;

/// <summary>
/// What can be wrong with policies, measured by a schema, and what is odd about them. (Cedar documentation: "Policy validation".)
/// </summary>
public static class ValidationCodes
{
    /// <summary>A type of entities that the schema does not have.</summary>
    public const string UnknownEntityType = "unknown_entity_type";

    /// <summary>An action that the schema does not have.</summary>
    public const string UnknownAction = "unknown_action";

    /// <summary>An entity of an enumeration that is none of those enumerated.</summary>
    public const string UnknownEnumEntity = "unknown_enum_entity";

    /// <summary>An operand of a type that its operator does not take.</summary>
    public const string UnexpectedType = "unexpected_type";

    /// <summary>
    /// Two things that have to be of one type, and are not: what is compared, a set's elements, both ends of an <c>if</c>.
    /// </summary>
    public const string IncompatibleTypes = "incompatible_types";

    /// <summary>An attribute that the schema does not have.</summary>
    public const string UnknownAttribute = "unknown_attribute";

    /// <summary>An optional attribute, where nothing has asked whether it is there.</summary>
    public const string UnsafeAttribute = "unsafe_attribute";

    /// <summary>A tag, where nothing has asked whether it is there, or that the entity's type cannot have.</summary>
    public const string UnsafeTag = "unsafe_tag";

    /// <summary>An empty set, of which nobody can say what is not in it.</summary>
    public const string EmptySet = "empty_set";

    /// <summary>A function with too few or too many arguments.</summary>
    public const string WrongArgumentCount = SyntaxCodes.WrongArgumentCount;

    /// <summary>An argument that is computed, where a function makes a value of its text.</summary>
    public const string NoLiteral = "no_literal";

    /// <summary>Text that the function has no value for.</summary>
    public const string InvalidLiteral = "invalid_literal";

    /// <summary>Further from the request than the level allows, or not from it at all.</summary>
    public const string LevelExceeded = "level_exceeded";

    /// <summary>More work than the limits allow.</summary>
    public const string LimitExceeded = SyntaxCodes.LimitExceeded;

    /// <summary>A warning: the scope fits no action, with the principals and resources that it is for.</summary>
    public const string NoApplicableAction = "no_applicable_action";

    /// <summary>A warning: the policy applies to no request that fits the schema.</summary>
    public const string Impossible = "impossible";
}
