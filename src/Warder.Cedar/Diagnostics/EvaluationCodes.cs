namespace Warder.Cedar.Diagnostics;

/// <summary>Codes of failed policy evaluations.</summary>
public static class EvaluationCodes
{
    /// <summary>An operand whose type the operator does not accept.</summary>
    public const string TypeError = "type_error";

    /// <summary>An access to an attribute or tag of an entity that does not exist.</summary>
    public const string EntityMissing = "entity_missing";

    /// <summary>An attribute that the entity or record does not have.</summary>
    public const string AttributeMissing = "attribute_missing";

    /// <summary>A tag that the entity does not have.</summary>
    public const string TagMissing = "tag_missing";

    /// <summary>A result that exceeds 64 bits.</summary>
    public const string Overflow = "overflow";

    /// <summary>An invalid argument of a function or method of an extension type.</summary>
    public const string ExtensionError = "extension_error";

    /// <summary>
    /// A decision that exceeded the maximum number of steps, or that computed a value nested too deeply. Such a decision is deny.
    /// </summary>
    public const string LimitExceeded = "limit_exceeded";
}
