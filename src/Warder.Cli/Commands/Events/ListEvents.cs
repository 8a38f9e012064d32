using System.CommandLine;
using System.Text.Json;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client.Events;
using Warder.Client.Lists;
using Warder.Contracts;
using Warder.Contracts.Events;

namespace Warder.Cli.Commands.Events;

/// <summary><c>warder events list</c></summary>
internal static class ListEvents
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    public static Command Build(Shell shell)
    {
        var types = new Option<string[]>("--type") { Description = "Only these, such as api_key.revoked; repeat for more.", HelpName = "TYPE" };
        var organization = Arguments.Organization("Only what concerns this organization.");
        var since = Arguments.Text("--since", "Not before: 2026-01-01, or 24h ago.", "TIME");
        var until = Arguments.Text("--until", "Before: 2026-02-01, or 1h ago.", "TIME");
        var limit = Arguments.Number("--limit", "How many, 1 to 100. [default: 10]");
        var after = Arguments.Text("--after", "Begin after this event.", "ID");
        var order = Arguments.Text("--order", "Oldest first (asc) or newest first (desc). [default: asc]", "asc|desc");
        order.AcceptOnlyFromAmong("asc", "desc");
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on with what comes, one line an event." };
        return new CliCommand(
            "list",
            "Reads the log, oldest first.",
            "warder events list --type api_key.revoked --since 24h",
            "warder events list --order desc --limit 50",
            "warder events list --follow --json")
        {
            types, organization, since, until, limit, after, order, follow,
        }
        .Does(shell, async call =>
        {
            var query = new EventQuery
            {
                Types = call.Parsed.Many(types),
                OrganizationId = call.Parsed.GetValue(organization),
                RangeStart = TimeText.Ago(since.Name, call.Parsed.GetValue(since), shell.Now()),
                RangeEnd = TimeText.Ago(until.Name, call.Parsed.GetValue(until), shell.Now()),
                Limit = call.Parsed.GetValue(limit),
                After = call.Parsed.GetValue(after),
                Order = call.Parsed.GetValue(order) switch { "asc" => ListOrder.Ascending, "desc" => ListOrder.Descending, _ => null },
            };
            return call.Parsed.GetValue(follow) ? await FollowAsync(call, query) : await PageAsync(call, query);
        });
    }

    private static async Task<int> PageAsync(Invocation call, EventQuery query)
    {
        var page = await call.Client.Events.ListAsync(query, call.Cancelled);
        if (call.IsJson)
        {
            call.PrintJson();
            return ExitCode.Ok;
        }

        Printer.List(call.Shell, EventView.Fields, page.Data);
        if (page.ListMetadata.After is { } after)
            call.Shell.Error.WriteLine($"There is more: --after {Printable.From(after)}");
        return ExitCode.Ok;
    }

    /// <summary>Ends only by being stopped, which is then its success.</summary>
    private static async Task<int> FollowAsync(Invocation call, EventQuery query)
    {
        if (query.Order == ListOrder.Descending || query.RangeEnd is not null)
            throw new UsageException("--follow goes forward without end: leave out --order desc and --until.");
        try
        {
            await foreach (var entry in call.Client.Events.FollowAsync(query with { Limit = null }, PollInterval, call.Cancelled))
            {
                if (call.IsJson)
                    call.Shell.WriteJson(JsonSerializer.Serialize(entry, WarderJson.Wire.Event));
                else
                    call.Shell.Out.WriteLine(Line(entry));
                await call.Shell.Out.FlushAsync(call.Cancelled);
            }
        }
        catch (OperationCanceledException) when (call.Cancelled.IsCancellationRequested)
        {
            // Stopped, as it was meant to be.
        }

        return ExitCode.Ok;
    }

    private static string Line(Event entry) => string.Join('\t', EventView.Fields.Select(field => Printable.From(field.Value(entry))));
}
