namespace Warder.Contracts.Management;

/// <summary>The rights that a management key can hold. Each route needs exactly one.</summary>
public static class RightNames
{
    /// <summary>Reads API keys.</summary>
    public const string KeysRead = "keys:read";

    /// <summary>Issues, changes and ends API keys.</summary>
    public const string KeysWrite = "keys:write";

    /// <summary>Validates API keys.</summary>
    public const string KeysValidate = "keys:validate";

    /// <summary>Reads organizations, users and memberships.</summary>
    public const string DirectoryRead = "directory:read";

    /// <summary>Creates, changes and ends organizations, users and memberships.</summary>
    public const string DirectoryWrite = "directory:write";

    /// <summary>Reads permissions and roles.</summary>
    public const string PermissionsRead = "permissions:read";

    /// <summary>Creates, changes and ends permissions and roles.</summary>
    public const string PermissionsWrite = "permissions:write";

    /// <summary>Reads the log.</summary>
    public const string EventsRead = "events:read";

    /// <summary>Reads management keys.</summary>
    public const string ManagementRead = "management:read";

    /// <summary>Issues, changes and ends management keys with rights within the caller's own.</summary>
    public const string ManagementWrite = "management:write";

    /// <summary>Reads all environments of the instance.</summary>
    public const string EnvironmentsRead = "environments:read";

    /// <summary>Creates and changes environments of the instance.</summary>
    public const string EnvironmentsWrite = "environments:write";

    /// <summary>Reads all keys of the environment, by their digests, into a replica.</summary>
    public const string ReplicasPreload = "replicas:preload";

    /// <summary>All rights.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        KeysRead, KeysWrite, KeysValidate, DirectoryRead, DirectoryWrite, PermissionsRead, PermissionsWrite, EventsRead,
        ManagementRead, ManagementWrite, EnvironmentsRead, EnvironmentsWrite, ReplicasPreload,
    ];
}
