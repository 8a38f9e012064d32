using System.CommandLine;
using System.Text.Json;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Receipts;

namespace Warder.Cli.Commands.Receipts;

/// <summary><c>warder receipts lines</c></summary>
internal static class ShowLines
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The receipt: rcpt_…");
        return new CliCommand(
            "lines",
            "Lists every replica that a receipt names, in the order that its digest is of.",
            "warder receipts lines rcpt_…",
            "warder receipts lines rcpt_… --json > lines.json")
        {
            id,
        }
        .Does(shell, async call =>
        {
            var lines = await call.Client.Receipts.ListLinesAsync(call.Parsed.GetValue(id)!, call.Cancelled);
            if (call.IsJson)
            {
                var page = new ListPage<ReceiptLine> { Data = lines, ListMetadata = new ListMetadata(null, null) };
                call.Print(JsonSerializer.SerializeToNode(page, WarderJson.Wire.ListPageReceiptLine)!.AsObject());
            }
            else
            {
                Printer.List(call.Shell, ReceiptView.Lines, lines);
            }

            return ExitCode.Ok;
        });
    }
}
