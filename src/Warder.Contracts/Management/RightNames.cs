namespace Warder.Contracts.Management;

/// <summary>The rights that a management key can hold. Each route needs exactly one.</summary>
public static class RightNames
{
    /// <summary>See API keys.</summary>
    public const string KeysRead = "keys:read";

    /// <summary>Issue, change and end API keys.</summary>
    public const string KeysWrite = "keys:write";

    /// <summary>Ask whether a key is good.</summary>
    public const string KeysValidate = "keys:validate";

    /// <summary>See organizations, users and memberships.</summary>
    public const string DirectoryRead = "directory:read";

    /// <summary>Create, change and end organizations, users and memberships.</summary>
    public const string DirectoryWrite = "directory:write";

    /// <summary>See permissions and roles.</summary>
    public const string PermissionsRead = "permissions:read";

    /// <summary>Create, change and end permissions and roles.</summary>
    public const string PermissionsWrite = "permissions:write";

    /// <summary>Read the log.</summary>
    public const string EventsRead = "events:read";

    /// <summary>See management keys.</summary>
    public const string ManagementRead = "management:read";

    /// <summary>Issue, change and end management keys, within one's own rights.</summary>
    public const string ManagementWrite = "management:write";

    /// <summary>See all environments of the instance.</summary>
    public const string EnvironmentsRead = "environments:read";

    /// <summary>Create and rename environments of the instance.</summary>
    public const string EnvironmentsWrite = "environments:write";

    /// <summary>Take over all keys of the environment, by their digests, into a replica.</summary>
    public const string ReplicasPreload = "replicas:preload";

    /// <summary>Every right there is.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        KeysRead, KeysWrite, KeysValidate, DirectoryRead, DirectoryWrite, PermissionsRead, PermissionsWrite, EventsRead,
        ManagementRead, ManagementWrite, EnvironmentsRead, EnvironmentsWrite, ReplicasPreload,
    ];
}
