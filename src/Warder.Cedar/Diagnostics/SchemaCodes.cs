namespace Warder.Cedar.Diagnostics;

/// <summary>Codes of schemas that are well-formed but invalid.</summary>
public static class SchemaCodes
{
    /// <summary>A reference to an undeclared name.</summary>
    public const string Undeclared = "undeclared";

    /// <summary>A declaration in a namespace with the same name as a declaration in the empty namespace.</summary>
    public const string Shadowing = "shadowing";

    /// <summary>Common types or actions that directly or indirectly contain themselves.</summary>
    public const string Cycle = "cycle";

    /// <summary>A context or entity shape that is no record.</summary>
    public const string NoRecord = "no_record";

    /// <summary>A construct that the other schema format cannot express.</summary>
    public const string NotConvertible = "not_convertible";

    /// <summary>A construct that Cedar reserved and does not support.</summary>
    public const string Unsupported = "unsupported";
}
