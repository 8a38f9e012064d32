namespace Warder.Cedar.Diagnostics;

/// <summary>What can be wrong with entities together, each of which is well-formed.</summary>
public static class EntityCodes
{
    /// <summary>An entity that is in itself, through others or not.</summary>
    public const string Cycle = "cycle";

    /// <summary>Two entities of one name that differ.</summary>
    public const string Duplicate = "duplicate_entity";

    /// <summary>An action that is in something else than an action.</summary>
    public const string ActionParent = "action_parent";
}
