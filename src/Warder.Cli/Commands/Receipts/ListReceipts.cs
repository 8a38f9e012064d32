using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Receipts;

namespace Warder.Cli.Commands.Receipts;

/// <summary><c>warder receipts list</c></summary>
internal static class ListReceipts
{
    public static Command Build(Shell shell)
    {
        var subject = Arguments.Text("--subject", "Only those about what has this id.", "ID");
        var forEvent = Arguments.Text("--event", "Only that of this event.", "ID");
        var options = new ListOptions();
        var verb = new CliCommand("list", "Lists receipts.", "warder receipts list", "warder receipts list --subject api_key_…") { subject, forEvent }
            .Does(shell, call =>
            {
                var query = new ReceiptQuery { SubjectId = call.Parsed.GetValue(subject), EventId = call.Parsed.GetValue(forEvent) };
                return call.ListAsync(options, query, call.Client.Receipts.ListAsync, ReceiptView.Fields);
            });
        options.AddTo(verb);
        return verb;
    }
}
