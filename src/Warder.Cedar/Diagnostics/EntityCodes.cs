namespace Warder.Cedar.Diagnostics;

/// <summary>Codes of well-formed entities that contradict each other.</summary>
public static class EntityCodes
{
    /// <summary>An entity that is its own direct or indirect ancestor.</summary>
    public const string Cycle = "cycle";

    /// <summary>Two different entities with the same uid.</summary>
    public const string Duplicate = "duplicate_entity";

    /// <summary>An action with a parent that is no action.</summary>
    public const string ActionParent = "action_parent";
}
