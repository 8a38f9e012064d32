using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Receipts;

/// <summary><c>warder receipts show</c></summary>
internal static class ShowReceipt
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The receipt: rcpt_…");
        return new CliCommand("show", "Shows a receipt.", "warder receipts show rcpt_…", "warder receipts show rcpt_… --json > receipt.json") { id }
            .Does(shell, async call =>
            {
                var receipt = await call.Client.Receipts.GetAsync(call.Parsed.GetValue(id)!, call.Cancelled);
                if (call.IsJson)
                    call.PrintJson();
                else
                    ReceiptView.Print(call, receipt);
                return ExitCode.Ok;
            });
    }
}
