using Warder.Server.Hosting;

namespace Warder.Server.Configuration;

/// <summary>
/// All settings of <c>warder serve</c>: one row each. A row makes the flag, the environment variable, the member of the file and the help,
/// and fills <see cref="ServeOptions"/>.
/// </summary>
public static class ServeSettings
{
    private static readonly ServeSetting[] OfStorage =
    [
        ServeSetting.Path(
            "data", "DIR", static (o, v) => o with { DataDirectory = v },
            "The directory of the embedded database and its keys; serve creates it if it is missing. [default: ./data]"),
        ServeSetting.Path(
            "database-file", "FILE|-", static (o, v) => o with { DatabaseFile = v },
            "The file that holds PostgreSQL's connection string: postgresql://user:password@host:port/database. "
                + "[default: WARDER_DATABASE, or the embedded database]"),
        ServeSetting.Path(
            "root-key", "FILE", static (o, v) => o with { RootKeyPath = v },
            "The root key's file, the same on every node. [default: root-key in the data directory]")
            with { Variable = "WARDER_ROOT_KEY_FILE" },
        ServeSetting.Path(
            "watermark-file", "FILE", static (o, v) => o with { WatermarkPath = v },
            "The watermark's file, by which an older database is noticed. [default: watermark in the data directory]"),
        ServeSetting.Text(
            "watermark", "lazy|sync", static (o, v) => o with { Watermark = v },
            "When the watermark is written: lazy, at most a second after a change, or sync, before an ending is answered too. "
                + "[default: lazy]"),
    ];

    private static readonly ServeSetting[] OfListening =
    [
        ServeSetting.Text("listen", "URL", static (o, v) => o with { Listen = v }, "Where to listen. [default: http://127.0.0.1:7070]"),
        ServeSetting.Path(
            "tls-cert", "FILE", static (o, v) => o with { TlsCertificatePath = v }, "The certificate chain, PEM; with --tls-key."),
        ServeSetting.Path("tls-key", "FILE", static (o, v) => o with { TlsKeyPath = v }, "The certificate's private key, PEM."),
        ServeSetting.Switch(
            "insecure", static (o, v) => o with { Insecure = v },
            "Allow plain http on an address that is not this machine's own, behind a proxy that ends TLS."),
    ];

    private static readonly ServeSetting[] OfNodes =
    [
        ServeSetting.Text(
            "node-name", "NAME", static (o, v) => o with { NodeName = v },
            "The name of this node among several; by default the machine's name."),
        ServeSetting.Number(
            "lease-milliseconds", "N", static (o, v) => o with { LeaseMilliseconds = v },
            "With several nodes: for how long a node that has lost the database answers from memory, and a change waits for a lost node. "
                + "500 to 60000, by default 2000."),
        ServeSetting.Number(
            "pause-allowance-milliseconds", "N", static (o, v) => o with { PauseAllowanceMilliseconds = v },
            "With several nodes: for how much longer a change waits for a lost node. "
                + "Set it to the longest time for which a host may stop all clocks of a virtual machine; by default 0."),
        ServeSetting.Many(
            "replica-stall-budget", "MS", static (o, v) => o with { ReplicaStallBudgets = v },
            "For how long changes may wait in a minute for the replicas of one management key, in milliseconds: "
                + "1 to 60000 for every environment, or environment_...=5000 for one; may be repeated. By default the length of a lease."),
        ServeSetting.Number(
            "replica-stall-allowance", "N", static (o, v) => o with { ReplicaStallAllowanceMilliseconds = v },
            "The part of each wait for a replica that does not count against that budget, in milliseconds: 1 to 1000, by default 100. "
                + "Set it to the time that the farthest applications take for an acknowledgement."),
    ];

    private static readonly ServeSetting[] OfClients =
    [
        ServeSetting.Number(
            "max-connections", "N", static (o, v) => o with { MaxConnections = v },
            "The most connections of clients; the limit of open files may allow fewer. By default 16384."),
        ServeSetting.Number(
            "connections-per-address", "N", static (o, v) => o with { ConnectionsPerAddress = v },
            "The most connections of one address that have not authenticated a request. By default 256; 0: no bound."),
        ServeSetting.Number(
            "management-requests-per-second", "N", static (o, v) => o with { ManagementRequestsPerSecond = v },
            "The most requests a second of one management key, with bursts of five seconds' worth. "
                + "Validations and endings are not counted. By default 200; 0: no bound."),
        ServeSetting.Number(
            "failed-authentications-per-second", "N", static (o, v) => o with { FailedAuthenticationsPerSecond = v },
            "The most requests a second of one address without a good management key, with bursts of five seconds' worth. "
                + "By default 20; 0: no bound."),
        ServeSetting.Many(
            "trusted-proxy", "CIDR", static (o, v) => o with { TrustedProxies = v },
            "A proxy whose X-Forwarded-For names the client's address: an address, or a network as 10.0.0.0/8; "
                + "repeat for more. By default none."),
        ServeSetting.Number(
            "drain-seconds", "N", static (o, v) => o with { DrainSeconds = v },
            "For how long a stopping server still answers, is not ready, and closes each connection after its answer: "
                + "0 to 15, by default 1."),
    ];

    private static readonly ServeSetting[] OfLogs =
    [
        ServeSetting.Text(
            "log-format", "text|json", static (o, v) => o with { LogFormat = v },
            "The format of log lines on standard output: text, the default, or json."),
        ServeSetting.Switch(
            "access-log", static (o, v) => o with { AccessLog = v },
            "Log each request: method, route, status, duration, management key, request id and client. Never a path, query or body."),
    ];

    /// <summary>The settings, in the order of the help.</summary>
    public static IReadOnlyList<ServeSetting> All { get; } = [.. OfStorage, .. OfListening, .. OfNodes, .. OfClients, .. OfLogs];

    /// <summary>
    /// Finds the values of each setting: those of the flag, else those of the environment variable, else those of the file.
    /// </summary>
    /// <param name="flag">Returns the values of a setting's flag; null when it is not given.</param>
    /// <param name="variable">Looks up an environment variable. An empty one counts as absent; commas separate several values.</param>
    /// <param name="file">Finds a setting in the configuration file; null: there is none.</param>
    /// <exception cref="ArgumentException">A value does not have the form of its setting; the message names its source.</exception>
    public static IReadOnlyList<GivenSetting> Resolve(
        Func<ServeSetting, IReadOnlyList<string>?> flag, Func<string, string?> variable, Func<ServeSetting, GivenSetting?>? file = null)
    {
        var given = All.Select(setting => Find(setting, flag, variable, file)).OfType<GivenSetting>().ToList();
        foreach (var each in given)
        {
            if (each.Values.Select(each.Setting.Problem).FirstOrDefault(static problem => problem is not null) is { } problem)
                throw new ArgumentException($"{each.Source}: {problem}");
        }

        return given;
    }

    /// <summary>Fills options with the given settings. Members without a setting keep their defaults.</summary>
    public static ServeOptions ToOptions(IEnumerable<GivenSetting> given)
        => given.Aggregate(new ServeOptions(), static (options, each) => each.Setting.Apply(options, each.Values));

    private static GivenSetting? Find(
        ServeSetting setting, Func<ServeSetting, IReadOnlyList<string>?> flag, Func<string, string?> variable,
        Func<ServeSetting, GivenSetting?>? file)
    {
        if (flag(setting) is { Count: > 0 } values)
            return new GivenSetting(setting, values, SettingLevel.Flag, setting.Flag);
        if (variable(setting.Variable) is not { Length: > 0 } text)
            return file?.Invoke(setting);
        return new GivenSetting(
            setting,
            setting.Repeats ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text.Trim()],
            SettingLevel.Environment, setting.Variable);
    }
}
