namespace Warder.Engine.Management;

/// <summary>
/// The secret that makes a management call, and the environment that it selects: what never changes of them. Rights, name and ends are an
/// <see cref="Core.Management.Authority"/>, which each command reads in its own transaction.
/// </summary>
/// <param name="ManagementKeyId">The key; null for what Warder does by itself.</param>
/// <param name="SecretId">The key's secret that was sent; null for what Warder does by itself.</param>
/// <param name="Environment">The environment's number.</param>
internal sealed record Caller(string? ManagementKeyId, string? SecretId, int Environment)
{
    /// <summary>Warder itself, in an environment.</summary>
    public static Caller System(int environment) => new(null, null, environment);
}
