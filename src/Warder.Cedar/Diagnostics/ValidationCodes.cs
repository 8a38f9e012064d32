namespace Warder.Cedar.Diagnostics;

/// <summary>
/// Codes of policies that do not conform to a schema, and of warnings about policies. (Cedar documentation: "Policy validation".)
/// </summary>
public static class ValidationCodes
{
    /// <summary>An entity type that the schema does not have.</summary>
    public const string UnknownEntityType = "unknown_entity_type";

    /// <summary>An action that the schema does not have.</summary>
    public const string UnknownAction = "unknown_action";

    /// <summary>An entity of an enumerated type that the enumeration does not contain.</summary>
    public const string UnknownEnumEntity = "unknown_enum_entity";

    /// <summary>An operand whose type the operator does not accept.</summary>
    public const string UnexpectedType = "unexpected_type";

    /// <summary>
    /// Different types where one type is required: the operands of a comparison, the elements of a set, the branches of an <c>if</c>.
    /// </summary>
    public const string IncompatibleTypes = "incompatible_types";

    /// <summary>An attribute that the schema does not have.</summary>
    public const string UnknownAttribute = "unknown_attribute";

    /// <summary>An access to an optional attribute without a preceding <c>has</c>.</summary>
    public const string UnsafeAttribute = "unsafe_attribute";

    /// <summary>An access to a tag without a preceding <c>hasTag</c>, or on an entity type without tags.</summary>
    public const string UnsafeTag = "unsafe_tag";

    /// <summary>An empty set, whose element type is unknown.</summary>
    public const string EmptySet = "empty_set";

    /// <summary>A function call with a wrong number of arguments.</summary>
    public const string WrongArgumentCount = SyntaxCodes.WrongArgumentCount;

    /// <summary>A constructor of an extension type whose argument is not a literal.</summary>
    public const string NoLiteral = "no_literal";

    /// <summary>A literal that the constructor of an extension type does not accept.</summary>
    public const string InvalidLiteral = "invalid_literal";

    /// <summary>An access to an entity beyond the permitted level, or to an entity that is not part of the request.</summary>
    public const string LevelExceeded = "level_exceeded";

    /// <summary>An exceeded limit.</summary>
    public const string LimitExceeded = SyntaxCodes.LimitExceeded;

    /// <summary>A warning: the scope matches no action with its principals and resources.</summary>
    public const string NoApplicableAction = "no_applicable_action";

    /// <summary>A warning: the policy applies to no request that conforms to the schema.</summary>
    public const string Impossible = "impossible";
}
