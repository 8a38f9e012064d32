namespace Warder.AspNetCore;

/// <summary>The default names.</summary>
public static class WarderDefaults
{
    /// <summary>The authentication scheme.</summary>
    public const string Scheme = "Warder";

    /// <summary>The configuration value, or environment variable, for <see cref="WarderOptions.BaseAddress"/>.</summary>
    public const string UrlSetting = "WARDER_URL";

    /// <summary>
    /// The configuration value, or environment variable, for <see cref="WarderOptions.Replica"/>: <c>true</c> or <c>false</c>.
    /// </summary>
    public const string ReplicaSetting = "WARDER_REPLICA";

    /// <summary>
    /// The configuration value, or environment variable, for <see cref="WarderOptions.AllowInsecure"/>: <c>true</c> or <c>false</c>.
    /// </summary>
    public const string InsecureSetting = "WARDER_INSECURE";

    /// <summary>The configuration value, or environment variable, for <see cref="WarderOptions.ManagementKey"/>.</summary>
    public const string ManagementKeySetting = "WARDER_MANAGEMENT_KEY";

    /// <summary>The configuration value, or environment variable, that names a file with the management key in its first line.</summary>
    public const string ManagementKeyFileSetting = "WARDER_MANAGEMENT_KEY_FILE";
}
