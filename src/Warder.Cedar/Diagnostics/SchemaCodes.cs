namespace Warder.Cedar.Diagnostics;

/// <summary>What can be wrong with a schema whose text can be read.</summary>
public static class SchemaCodes
{
    /// <summary>A name that nothing declares.</summary>
    public const string Undeclared = "undeclared";

    /// <summary>A declaration in a namespace that has the name of one in the namespace without a name.</summary>
    public const string Shadowing = "shadowing";

    /// <summary>Common types, or actions, that in the end consist of themselves.</summary>
    public const string Cycle = "cycle";

    /// <summary>A context, or the shape of an entity, that is no record.</summary>
    public const string NoRecord = "no_record";

    /// <summary>Something that the other form of schemas has no words for.</summary>
    public const string NotConvertible = "not_convertible";

    /// <summary>Something that Cedar once meant to have and does not.</summary>
    public const string Unsupported = "unsupported";
}
