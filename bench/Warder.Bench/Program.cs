using Warder.Bench;
using Warder.Bench.Attacks;
using Warder.Bench.Claims;
using Warder.Bench.Commits;
using Warder.Bench.Data;
using Warder.Bench.Http;
using Warder.Bench.Nodes;
using Warder.Bench.Peers;

// Parts of a measurement that need a process of their own.
switch (args)
{
    case ["child-serve", var what, .. var rest]:
        return await Servers.RunAsync(what, rest);
    case ["child-load", .. var rest]:
        return await SocketLoad.RunAsync(rest);
    case ["child-commits", .. var rest]:
        return await CommitRounds.RunAsync(rest);
    case ["child-node", .. var rest]:
        return await NodeChild.RunAsync(rest);
    case ["child-attack", .. var rest]:
        return await HostileReplicas.RunAsync(rest);
    // A database to keep, for a profiler's sake.
    case ["make", var folder, var keys]:
        KeyDatabase.Create(folder, int.Parse(keys));
        return 0;
}

Claim[] claims =
[
    new InProcessValidation(), new CachedKeyMemory(), new MissCost(), new OrganizationFlip(), new HttpValidation(), new CommitThroughput(),
    new RevocationLatency(), new ColdStart(), new SeveralNodes(), new CedarDecisions(), new PeerComparison(), new ReplicaValidation(),
    new ReplicaChanges(), new ReplicaPeers(), new ListLoad(), new HostileNeighbours(), new MissesBesideHits(),
];
if (args.Contains("--list"))
{
    Console.WriteLine(string.Join('\n', claims.Select(claim => claim.Name)));
    return 0;
}

var names = args.Where(argument => !argument.StartsWith('-')).ToList();
var wanted = claims.Where(claim => names.Count == 0
    ? !claim.OnRequest
    : names.Exists(name => claim.Name.Contains(name, StringComparison.OrdinalIgnoreCase))).ToList();
if (wanted.Count == 0)
{
    Console.Error.WriteLine($"No claim has a name like: {string.Join(' ', names)}. There are: {string.Join(' ', claims.Select(claim => claim.Name))}");
    return 2;
}

using var bench = new Bench(args.Contains("--quick"), args.Contains("--long"), mayFetch: names.Count > 0);
var rows = new List<Row>();
foreach (var claim in wanted)
{
    Console.Error.WriteLine($"{claim.Name} …");
    try
    {
        rows.AddRange(claim.Measure(bench));
    }
    catch (MissingToolException missing)
    {
        Console.Error.WriteLine(missing.Message);
        return 2;
    }
}

Table.Print(rows);
return args.Contains("--strict") && rows.Exists(row => row.Missed) ? 1 : 0;
