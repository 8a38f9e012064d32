using System.Globalization;
using Warder.Core.Leases;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Server.Connections;
using Warder.Server.Nodes;

namespace Warder.Server.Hosting;

/// <summary>The options of <c>warder serve</c>. <c>ServeSettings</c> fills them from flags and the environment.</summary>
public sealed record ServeOptions
{
    private const int MostDrainSeconds = 15;
    private const int MostPauseMilliseconds = 600_000;
    private const int MostStallMilliseconds = 60_000;
    private const int MostStallAllowanceMilliseconds = 1_000;

    /// <summary>
    /// The connection string of PostgreSQL, which may contain a password; null: the embedded database in the data directory.
    /// </summary>
    public Core.Secrets.SecretString? Database { get; init; }

    /// <summary>
    /// The file that <see cref="Database"/> was read from; null: the connection string came from elsewhere, or there is none.
    /// </summary>
    public string? DatabaseFile { get; init; }

    /// <summary>
    /// Reads <see cref="Database"/> again, for a password that has changed; null: it cannot change.
    /// </summary>
    public Func<Core.Secrets.SecretString?>? RereadDatabase { get; init; }

    /// <summary>The directory of the embedded database, and of the node's own files.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>The URL to listen on: absolute, http or https, without a path. Port 0: any free port.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:7070";

    /// <summary>The file of a certificate chain in PEM, for https.</summary>
    public string? TlsCertificatePath { get; init; }

    /// <summary>The file of the certificate's private key in PEM.</summary>
    public string? TlsKeyPath { get; init; }

    /// <summary>Whether to listen without TLS on an address that is not loopback.</summary>
    public bool Insecure { get; init; }

    /// <summary>The root key's file; null: it is in the data directory.</summary>
    public string? RootKeyPath { get; init; }

    /// <summary>The watermark's file; null: it is in the data directory.</summary>
    public string? WatermarkPath { get; init; }

    /// <summary>
    /// When the watermark is written: <c>lazy</c>, at most a second after a change, or <c>sync</c>, before an ending is answered too.
    /// </summary>
    public string Watermark { get; init; } = "lazy";

    /// <summary>Whether to start with a clock behind the time of the log. Recorded in the log.</summary>
    public bool AcceptClock { get; init; }

    /// <summary>Whether to start on a database that does not include the watermark. Recorded in the log.</summary>
    public bool AcceptOlderLog { get; init; }

    /// <summary>The name of this node among several; null: the machine's name.</summary>
    public string? NodeName { get; init; }

    /// <summary>
    /// The length of a lease, in milliseconds: the time for which memory answers while the database cannot be reached, and for which a
    /// change waits for a lost node.
    /// </summary>
    public int LeaseMilliseconds { get; init; } = LeaseTerms.DefaultMilliseconds;

    /// <summary>
    /// The time, in milliseconds, that is added to a change's wait for a lost node: the longest time for which the host of a virtual
    /// machine may stop all of a guest's clocks.
    /// </summary>
    public int PauseAllowanceMilliseconds { get; init; }

    /// <summary>
    /// The time, in milliseconds, that changes may wait in a minute for the replicas of one management key: <c>2200</c> for every
    /// environment, <c>environment_…=5000</c> for one. The default is the time that a change waits for the end of a lease.
    /// </summary>
    public IReadOnlyList<string> ReplicaStallBudgets { get; init; } = [];

    /// <summary>
    /// The part of each wait for a replica that is not charged, in milliseconds: the time that applications take for an ordinary
    /// acknowledgement. 1 to 1000; by default 100.
    /// </summary>
    public int? ReplicaStallAllowanceMilliseconds { get; init; }

    /// <summary>
    /// The first management key, a well-formed <c>wdrm_…</c> token; null: the server draws one. Read only when there is none yet.
    /// </summary>
    public Core.Secrets.SecretString? ManagementKey { get; init; }

    /// <summary>The bound on connections of clients; the descriptor limit may allow fewer.</summary>
    public int MaxConnections { get; init; } = ClientLimits.DefaultMaxConnections;

    /// <summary>The bound on connections of one address that have not authenticated a request; 0: no bound.</summary>
    public int ConnectionsPerAddress { get; init; } = ClientLimits.DefaultConnectionsPerAddress;

    /// <summary>
    /// The bound on management requests of one management key a second, with bursts of five seconds; validations and endings do not count.
    /// 0: no bound.
    /// </summary>
    public int ManagementRequestsPerSecond { get; init; } = ClientLimits.DefaultManagementRequestsPerSecond;

    /// <summary>
    /// The bound on requests of one address without a good management key a second, with bursts of five seconds. 0: no bound.
    /// </summary>
    public int FailedAuthenticationsPerSecond { get; init; } = ClientLimits.DefaultFailedAuthenticationsPerSecond;

    /// <summary>The peers that name the client's address in <c>X-Forwarded-For</c>: addresses, or networks in CIDR notation.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>
    /// The time, in seconds, for which a stopping server still answers, is not ready, and closes each connection after its next answer.
    /// 0 to 15.
    /// </summary>
    public int DrainSeconds { get; init; } = 1;

    /// <summary>The format of log lines: <c>text</c> or <c>json</c>.</summary>
    public string LogFormat { get; init; } = Telemetry.LogFormat.Text;

    /// <summary>The output of log lines; null: the console's standard output.</summary>
    public Stream? LogStream { get; init; }

    /// <summary>Whether each request is logged.</summary>
    public bool AccessLog { get; init; }

    /// <summary>The levels of log lines, by category. Environment variables <c>Logging__LogLevel__CATEGORY</c> win.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; init; } = new Dictionary<string, string>();

    /// <summary>Checks the options as a start does, without a start.</summary>
    /// <exception cref="ArgumentException">An option is not valid; the message names it.</exception>
    public void Check()
    {
        if (ListenAddress.Parse(this).Fault is { } fault)
            throw new ArgumentException(fault.Fields[0].Message);
        ToNodeOptions();
        ToClientLimits();
        Telemetry.LogFormat.Of(LogFormat, Core.Time.Clock.System);
        new Telemetry.LogLevels(LogLevels).Build(Environment.GetEnvironmentVariables());
    }

    /// <summary>Converts the options to the bounds on clients.</summary>
    /// <exception cref="ArgumentException">An option is out of bounds; the message names it.</exception>
    internal ClientLimits ToClientLimits()
        => ClientLimits.Parse(
            MaxConnections, ConnectionsPerAddress, ManagementRequestsPerSecond, FailedAuthenticationsPerSecond, TrustedProxies);

    /// <summary>Converts the options to those of the node.</summary>
    /// <exception cref="ArgumentException">An option is out of bounds; the message names it.</exception>
    internal NodeOptions ToNodeOptions()
    {
        if (LeaseMilliseconds is < LeaseTerms.LeastMilliseconds or > LeaseTerms.MostMilliseconds)
            throw new ArgumentException($"--lease-milliseconds: must be {LeaseTerms.LeastMilliseconds} to {LeaseTerms.MostMilliseconds}.");
        if (DrainSeconds is < 0 or > MostDrainSeconds)
            throw new ArgumentException($"--drain-seconds: must be 0 to {MostDrainSeconds}.");
        if (PauseAllowanceMilliseconds is < 0 or > MostPauseMilliseconds)
            throw new ArgumentException($"--pause-allowance-milliseconds: must be 0 to {MostPauseMilliseconds}.");
        if (ReplicaStallAllowanceMilliseconds is < 1 or > MostStallAllowanceMilliseconds)
            throw new ArgumentException($"--replica-stall-allowance: must be 1 to {MostStallAllowanceMilliseconds}.");
        if (Watermark is not ("lazy" or "sync"))
            throw new ArgumentException("--watermark: must be lazy or sync.");
        return NodeOptions.Default with
        {
            Name = string.IsNullOrWhiteSpace(NodeName) ? NodeOptions.Default.Name : NodeName,
            Terms = new LeaseTerms(LeaseMilliseconds),
            PauseAllowanceMilliseconds = PauseAllowanceMilliseconds,
            StallAllowanceMilliseconds = ReplicaStallAllowanceMilliseconds ?? NodeOptions.DefaultStallAllowanceMilliseconds,
            StallBudgets = ReadBudgets(),
            HasSyncedWatermark = Watermark == "sync",
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
                throw new ArgumentException(
                    $"--replica-stall-budget: must be 1 to {MostStallMilliseconds}, or environment_…= and such a number,"
                    + " once for each environment.");
            }
        }

        return budgets;
    }
}
