// A server, or an application with a replica, with a bug planted in it, for the checks that must find it. WARDER_MUTANT names the bug:
// see Bugs and TrustingReplica. The program takes the arguments of `warder serve` that the tests use: serve --data DIR --listen URL
// [--insecure] [--database-file FILE --root-key FILE --node-name NAME --lease-milliseconds N]; and those of Warder.Application: follow ….

using System.Globalization;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Mutants;
using Warder.Server.Hosting;

string? Argument(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;

if (args is ["follow", ..])
    return await Warder.Application.Replica.Follow(args, TrustingReplica.Make);
if (args is not ["serve", ..])
    return 0;
var options = new ServeOptions
{
    DataDirectory = Argument("--data")!,
    Listen = Argument("--listen")!,
    Insecure = args.Contains("--insecure"),
    Database = Argument("--database-file") is { } file ? new SecretString(File.ReadAllText(file)) : null,
    RootKeyPath = Argument("--root-key"),
    NodeName = Argument("--node-name"),
    // The races send more requests than any rate allows.
    ManagementRequestsPerSecond = 0,
    FailedAuthenticationsPerSecond = 0,
    ReplicaStallBudgets = Argument("--replica-stall-budget") is { } budget ? [budget] : [],
    LeaseMilliseconds = Argument("--lease-milliseconds") is { } length
        ? int.Parse(length, CultureInfo.InvariantCulture)
        : LeaseTerms.DefaultMilliseconds,
};
await using var host = await WarderHost.StartAsync(options, Bugs.Find(Environment.GetEnvironmentVariable("WARDER_MUTANT")));
await host.WaitForShutdownAsync(CancellationToken.None);
return 0;
