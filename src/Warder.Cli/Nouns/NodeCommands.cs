using System.CommandLine;
using System.Globalization;
using Warder.Cli.Commands;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Nodes;

namespace Warder.Cli.Nouns;

/// <summary><c>warder nodes</c></summary>
internal static class NodeCommands
{
    private static readonly IReadOnlyList<Field<Node>> Fields =
    [
        new("kind", node => node.Kind, InList: true),
        new("id", node => node.Id, InList: true),
        new("name", node => node.Name, InList: true),
        new("version", node => node.Version ?? "", InList: true),
        new("lease", node => node.Lease, InList: true),
        new("applied_sequence", node => node.AppliedSequence.ToString(CultureInfo.InvariantCulture), InList: true),
        new("lag", node => node.Lag.ToString(CultureInfo.InvariantCulture), InList: true),
        new("fenced", node => Shown.YesNo(node.Fenced), InList: true),
        new("renewed_at", node => Shown.Time(node.RenewedAt), InList: true),
        new("stall_milliseconds", node => node.StallMilliseconds?.ToString(CultureInfo.InvariantCulture) ?? "", InList: true),
        new("barred_until", node => Shown.Time(node.BarredUntil), InList: true),
    ];

    public static Command Build(Shell shell) => new CliCommand(
        "nodes",
        "Lists the server nodes, and the replicas of the node that answers, with the position of each in the log.",
        "warder nodes",
        "warder nodes --json")
        .Does(shell, async call => call.ShowAll(Fields, (await call.Client.Nodes.ListAsync(call.Cancelled)).Data));
}
