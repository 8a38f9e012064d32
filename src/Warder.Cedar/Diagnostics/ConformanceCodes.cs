namespace Warder.Cedar.Diagnostics;

/// <summary>
/// What can be wrong with entities and requests, measured by a schema, besides names that it does not have (<see cref="ValidationCodes"/>).
/// </summary>
public static class ConformanceCodes
{
    /// <summary>A value of another type than the schema says.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>A required attribute that is not there.</summary>
    public const string MissingAttribute = "missing_attribute";

    /// <summary>Tags of an entity whose type has none.</summary>
    public const string NoTags = "no_tags";

    /// <summary>A parent of a type that entities of this type are never in.</summary>
    public const string WrongParent = "wrong_parent";

    /// <summary>An action among the entities that is not as the schema says.</summary>
    public const string ActionDiffers = "action_differs";

    /// <summary>A principal or a resource of a type that the action is not for.</summary>
    public const string ActionNotApplicable = "action_not_applicable";
}
