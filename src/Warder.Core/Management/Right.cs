namespace Warder.Core.Management;

/// <summary>
/// The closed registry of the rights of management keys. Authority over Warder depends on the kind of key and these rights, never on a
/// customer's slugs.
/// </summary>
[Flags]
public enum Rights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>keys:read</c></summary>
    KeysRead = 1 << 0,

    /// <summary><c>keys:write</c></summary>
    KeysWrite = 1 << 1,

    /// <summary><c>keys:validate</c></summary>
    KeysValidate = 1 << 2,

    /// <summary><c>directory:read</c></summary>
    DirectoryRead = 1 << 3,

    /// <summary><c>directory:write</c></summary>
    DirectoryWrite = 1 << 4,

    /// <summary><c>permissions:read</c></summary>
    PermissionsRead = 1 << 5,

    /// <summary><c>permissions:write</c></summary>
    PermissionsWrite = 1 << 6,

    /// <summary><c>events:read</c></summary>
    EventsRead = 1 << 7,

    /// <summary><c>management:read</c></summary>
    ManagementRead = 1 << 8,

    /// <summary><c>management:write</c></summary>
    ManagementWrite = 1 << 9,

    /// <summary><c>environments:read</c>; instance-wide.</summary>
    EnvironmentsRead = 1 << 10,

    /// <summary><c>environments:write</c>; instance-wide.</summary>
    EnvironmentsWrite = 1 << 11,

    /// <summary><c>replicas:preload</c></summary>
    ReplicasPreload = 1 << 12,

    /// <summary>Every right.</summary>
    All = (1 << 13) - 1,
}

/// <summary>The names of the rights.</summary>
public static class RightNames
{
    private static readonly (string Name, Rights Right)[] Table =
    [
        ("keys:read", Rights.KeysRead), ("keys:write", Rights.KeysWrite), ("keys:validate", Rights.KeysValidate),
        ("directory:read", Rights.DirectoryRead), ("directory:write", Rights.DirectoryWrite),
        ("permissions:read", Rights.PermissionsRead), ("permissions:write", Rights.PermissionsWrite),
        ("events:read", Rights.EventsRead),
        ("management:read", Rights.ManagementRead), ("management:write", Rights.ManagementWrite),
        ("environments:read", Rights.EnvironmentsRead), ("environments:write", Rights.EnvironmentsWrite),
        ("replicas:preload", Rights.ReplicasPreload),
    ];

    /// <summary>Every single right, with its name.</summary>
    public static IReadOnlyList<(string Name, Rights Right)> Every => Table;

    /// <summary>The names in a set.</summary>
    public static IReadOnlyList<string> Of(Rights rights) => [.. Table.Where(row => (rights & row.Right) != 0).Select(row => row.Name)];

    /// <summary>Finds a right by its name.</summary>
    /// <returns>The right; <see cref="Rights.None"/> for an unknown name.</returns>
    public static Rights Parse(string name)
        => Array.Find(Table, row => string.Equals(row.Name, name, StringComparison.Ordinal)).Right;
}
