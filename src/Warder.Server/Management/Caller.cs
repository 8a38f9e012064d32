using Warder.Core.Management;

namespace Warder.Server.Management;

/// <summary>Who makes a management call: a management key, the environment that it selects, and what it may do.</summary>
/// <param name="ManagementKeyId">The key; null for what Warder does by itself.</param>
/// <param name="Name">The key's name.</param>
/// <param name="Environment">The environment's number.</param>
/// <param name="Rights">What it may do.</param>
internal sealed record Caller(string? ManagementKeyId, string? Name, int Environment, Rights Rights)
{
    /// <summary>Warder itself, in an environment.</summary>
    public static Caller System(int environment) => new(null, null, environment, Rights.All);
}
