namespace Warder.Cedar.Diagnostics;

/// <summary>
/// Codes of entities and requests that do not conform to a schema. Names that the schema lacks have codes in
/// <see cref="ValidationCodes"/>.
/// </summary>
public static class ConformanceCodes
{
    /// <summary>A value whose type differs from the schema's.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>A missing required attribute.</summary>
    public const string MissingAttribute = "missing_attribute";

    /// <summary>Tags of an entity whose type has no tags.</summary>
    public const string NoTags = "no_tags";

    /// <summary>A parent whose type is no ancestor of the entity's type in the schema.</summary>
    public const string WrongParent = "wrong_parent";

    /// <summary>An action entity that differs from its declaration in the schema.</summary>
    public const string ActionDiffers = "action_differs";

    /// <summary>A principal or resource whose type the action does not apply to.</summary>
    public const string ActionNotApplicable = "action_not_applicable";
}
