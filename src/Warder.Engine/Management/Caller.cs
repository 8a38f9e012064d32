namespace Warder.Engine.Management;

/// <summary>
/// The constant properties of a caller: the secret that makes a management call, and the environment that it selects. Rights, name and ends
/// are in an <see cref="Core.Management.Authority"/>, which each command reads in its own transaction.
/// </summary>
/// <param name="ManagementKeyId">The management key; null for Warder's own changes.</param>
/// <param name="SecretId">The key's secret that was sent; null for Warder's own changes.</param>
/// <param name="Environment">The environment's number.</param>
internal sealed record Caller(string? ManagementKeyId, string? SecretId, int Environment)
{
    /// <summary>Creates the caller of Warder's own changes in an environment.</summary>
    public static Caller System(int environment) => new(null, null, environment);
}
