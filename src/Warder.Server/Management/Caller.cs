using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Core.Time;

namespace Warder.Server.Management;

/// <summary>Who makes a management call: a management key, the environment that it selects, and what it may do.</summary>
/// <param name="ManagementKeyId">The key; null for what Warder does by itself.</param>
/// <param name="Name">The key's name.</param>
/// <param name="Environment">The environment's number.</param>
/// <param name="Rights">What it may do.</param>
/// <param name="ExpiresAt">When it ends; null: never.</param>
internal sealed record Caller(string? ManagementKeyId, string? Name, int Environment, Rights Rights, Instant? ExpiresAt)
{
    /// <summary>The fault for granting something that would outlive the grantor; null when it would not.</summary>
    public Fault? OutlivedBy(Instant? expiresAt)
        => ExpiresAt is { } end && (expiresAt is null || expiresAt > end)
            ? Fault.Field("expires_at", "exceeds_grantor", $"Your own management key ends at {end}; what you grant with it must not end later.")
            : null;

    /// <summary>Warder itself, in an environment.</summary>
    public static Caller System(int environment) => new(null, null, environment, Rights.All, null);
}
