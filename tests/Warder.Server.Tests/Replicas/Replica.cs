using Warder.Client;
using Warder.Core.Secrets;

namespace Warder.Server.Tests.Replicas;

/// <summary>Verifiers as applications make them.</summary>
internal static class Replica
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>One that holds a lease.</summary>
    public static Task<WarderVerifier> ReadyAsync(string address, string managementKey)
        => ReadyAsync(new WarderVerifierOptions { Nodes = [new Uri(address)], ManagementKey = managementKey });

    /// <summary>One that holds a lease.</summary>
    public static async Task<WarderVerifier> ReadyAsync(WarderVerifierOptions options)
    {
        var verifier = new WarderVerifier(options);
        await verifier.WaitUntilReadyAsync().WaitAsync(Soon);
        return verifier;
    }
}
