using System.Globalization;
using Warder.Core.Leases;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Server.Connections;
using Warder.Server.Nodes;

namespace Warder.Server.Hosting;

/// <summary>How <c>warder serve</c> runs.</summary>
public sealed record ServeOptions
{
    private const int MostPauseMilliseconds = 600_000;
    private const int MostStallMilliseconds = 60_000;
    private const int MostStallAllowanceMilliseconds = 1_000;

    /// <summary>How to connect to PostgreSQL; null: the embedded database in the data directory. It may hold a password.</summary>
    public Core.Secrets.SecretString? Database { get; init; }

    /// <summary>The directory of the embedded database, and of what a node has of its own.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Where to listen: an absolute http or https URL without a path. Port 0: any free one.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:7070";

    /// <summary>A certificate chain in PEM, for https.</summary>
    public string? TlsCertificatePath { get; init; }

    /// <summary>The certificate's private key in PEM.</summary>
    public string? TlsKeyPath { get; init; }

    /// <summary>Whether to listen without TLS on an address that is not this machine's own.</summary>
    public bool Insecure { get; init; }

    /// <summary>The root key's file, if it is not in the data directory.</summary>
    public string? RootKeyPath { get; init; }

    /// <summary>What this node is called among several; by default the machine's name.</summary>
    public string? NodeName { get; init; }

    /// <summary>
    /// How long a lease lasts, in milliseconds: so long is answered from memory when the database cannot be reached, and so long a change
    /// waits for a node that was lost.
    /// </summary>
    public int LeaseMilliseconds { get; init; } = LeaseTerms.DefaultMilliseconds;

    /// <summary>
    /// By how much longer a change waits for a node that was lost, in milliseconds: as long as the host of a virtual machine may stop all
    /// of a guest's clocks.
    /// </summary>
    public int PauseAllowanceMilliseconds { get; init; }

    /// <summary>
    /// How long, in milliseconds, changes may wait in a minute for the replicas of one management key: <c>2200</c> for every environment,
    /// <c>environment_…=5000</c> for one. By default as long as a lease lasts for those who wait for its end.
    /// </summary>
    public IReadOnlyList<string> ReplicaStallBudgets { get; init; } = [];

    /// <summary>
    /// How much of each wait for a replica is not charged, in milliseconds: as long as applications take for an ordinary acknowledgement. 1
    /// to 1000; by default 100.
    /// </summary>
    public int? ReplicaStallAllowanceMilliseconds { get; init; }

    /// <summary>
    /// The first management key, if it is not to be made: a well-formed <c>wdrm_…</c> token. Read only when there is none yet.
    /// </summary>
    public Core.Secrets.SecretString? ManagementKey { get; init; }

    /// <summary>Connections of clients in all; the descriptor limit may allow fewer.</summary>
    public int MaxConnections { get; init; } = ClientLimits.DefaultMaxConnections;

    /// <summary>Connections of one address that have not authenticated a request; 0: no bound.</summary>
    public int ConnectionsPerAddress { get; init; } = ClientLimits.DefaultConnectionsPerAddress;

    /// <summary>
    /// Management requests a second of one management key, with bursts of five seconds' worth; validations and endings are not counted. 0:
    /// no bound.
    /// </summary>
    public int ManagementRequestsPerSecond { get; init; } = ClientLimits.DefaultManagementRequestsPerSecond;

    /// <summary>Requests a second of one address without a good management key, with bursts of five seconds' worth. 0: no bound.</summary>
    public int FailedAuthenticationsPerSecond { get; init; } = ClientLimits.DefaultFailedAuthenticationsPerSecond;

    /// <summary>ClusterMember whose <c>X-Forwarded-For</c> names the client's address: addresses, or networks in CIDR notation.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <exception cref="ArgumentException">An option is out of bounds; the message says which.</exception>
    internal ClientLimits ToClientLimits()
        => ClientLimits.Parse(MaxConnections, ConnectionsPerAddress, ManagementRequestsPerSecond, FailedAuthenticationsPerSecond, TrustedProxies);

    /// <exception cref="ArgumentException">An option is out of bounds; the message says which.</exception>
    internal NodeOptions ToNodeOptions()
    {
        if (LeaseMilliseconds is < LeaseTerms.LeastMilliseconds or > LeaseTerms.MostMilliseconds)
            throw new ArgumentException($"--lease-milliseconds: must be {LeaseTerms.LeastMilliseconds} to {LeaseTerms.MostMilliseconds}.");
        if (PauseAllowanceMilliseconds is < 0 or > MostPauseMilliseconds)
            throw new ArgumentException($"--pause-allowance-milliseconds: must be 0 to {MostPauseMilliseconds}.");
        if (ReplicaStallAllowanceMilliseconds is < 1 or > MostStallAllowanceMilliseconds)
            throw new ArgumentException($"--replica-stall-allowance: must be 1 to {MostStallAllowanceMilliseconds}.");
        return NodeOptions.Default with
        {
            Name = string.IsNullOrWhiteSpace(NodeName) ? NodeOptions.Default.Name : NodeName,
            Terms = new LeaseTerms(LeaseMilliseconds),
            PauseAllowanceMilliseconds = PauseAllowanceMilliseconds,
            StallAllowanceMilliseconds = ReplicaStallAllowanceMilliseconds ?? NodeOptions.DefaultStallAllowanceMilliseconds,
            StallBudgets = ReadBudgets(),
        };
    }

    private Dictionary<string, int> ReadBudgets()
    {
        var budgets = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in ReplicaStallBudgets)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (!int.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                || milliseconds is < 1 or > MostStallMilliseconds
                || !budgets.TryAdd(equals < 0 ? "" : text[..equals], milliseconds))
            {
                throw new ArgumentException($"--replica-stall-budget: must be 1 to {MostStallMilliseconds}, or environment_…= and such a number, once for each environment.");
            }
        }

        return budgets;
    }
}
