using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Receipts;

namespace Warder.Cli.Nouns;

/// <summary><c>warder signing-keys</c></summary>
internal static class SigningKeyCommands
{
    private static readonly IReadOnlyList<Field<SigningKey>> Fields =
    [
        new("id", key => key.Id, InList: true),
        new("algorithm", key => key.Algorithm, InList: true),
        new("current", key => Shown.YesNo(key.Current), InList: true),
        new("created_at", key => Shown.Time(key.CreatedAt), InList: true),
    ];

    public static Command Build(Shell shell) => new CliCommand(
        "signing-keys",
        "Signing keys: the keys that sign receipts. One signs; all verify.",
        "warder signing-keys list",
        "warder signing-keys create")
    {
        new CliCommand("list", "Lists signing keys, the one that signs at the top.", "warder signing-keys list")
            .Does(shell, async call => call.ShowAll(Fields, await call.Client.Receipts.ListSigningKeysAsync(call.Cancelled))),
        new CliCommand(
            "create",
            "Makes another key, which signs from now on. Earlier receipts still verify.",
            "warder signing-keys create")
            .Does(shell, async call => call.Show(Fields, await call.Client.Receipts.AddSigningKeyAsync(call.Cancelled))),
    };
}
