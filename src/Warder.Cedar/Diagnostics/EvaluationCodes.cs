namespace Warder.Cedar.Diagnostics;

/// <summary>Why a policy could not be evaluated.</summary>
public static class EvaluationCodes
{
    /// <summary>A value of another type than the operator takes.</summary>
    public const string TypeError = "type_error";

    /// <summary>An entity whose attribute or tag is asked for does not exist.</summary>
    public const string EntityMissing = "entity_missing";

    /// <summary>An entity or a record does not have the attribute.</summary>
    public const string AttributeMissing = "attribute_missing";

    /// <summary>An entity does not have the tag.</summary>
    public const string TagMissing = "tag_missing";

    /// <summary>The result of an operator is beyond 64 bits.</summary>
    public const string Overflow = "overflow";

    /// <summary>A function or method of an extension type was given what it cannot use.</summary>
    public const string ExtensionError = "extension_error";

    /// <summary>
    /// The decision has taken as many steps as the limits allow, or made a value that is nested deeper. Such a decision is to deny.
    /// </summary>
    public const string LimitExceeded = "limit_exceeded";
}
