using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Receipts;

/// <summary><c>warder receipts</c></summary>
internal static class ReceiptCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "receipts",
        "The signed statements that changes are in force, naming every verifier and how it came to be so.",
        "warder receipts list --subject api_key_…",
        "warder receipts verify receipt.json --keys jwks.json")
    {
        ListReceipts.Build(shell), ShowReceipt.Build(shell), ShowLines.Build(shell), VerifyReceipt.Build(shell),
    }
    .Alias("receipt");
}
