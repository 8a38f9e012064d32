using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client.Events;
using Warder.Client.Lists;
using Warder.Contracts;
using Warder.Contracts.Events;
using Warder.Engine.Hosting;

namespace Warder.Cli.Nouns;

/// <summary><c>warder events</c></summary>
internal static class EventCommands
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<Field<Event>> Fields =
    [
        new("created_at", entry => Shown.Time(entry.CreatedAt), InList: true),
        new("event", entry => entry.Type, InList: true),
        new("about", About, InList: true),
        new("actor", entry => entry.Context.Actor is { } actor ? $"{actor.Name ?? actor.Id} ({actor.Source})" : null, InList: true),
        new("on_behalf_of", entry => entry.Context.OnBehalfOf, InList: true),
        new("source_address", entry => entry.Context.SourceAddress, InList: true),
        new("id", entry => entry.Id, InList: true),
    ];

    public static Command Build(Shell shell) => new CliCommand(
        "events",
        "Events: the log of all changes.",
        "warder events list --type api_key.revoked",
        "warder events list --follow")
    {
        List(shell),
        Verify(shell),
    };

    private static CliCommand List(Shell shell)
    {
        var types = Arguments.Repeated("--type", "Only events of this type, such as api_key.revoked; repeat for more.", "TYPE");
        var organization = Arguments.Organization("Only events that concern this organization.");
        var since = Arguments.Text("--since", "Only events since this time: 2026-01-01, or 24h ago.", "TIME");
        var until = Arguments.Text("--until", "Only events before this time: 2026-02-01, or 1h ago.", "TIME");
        var limit = Arguments.Number("--limit", "The length of the page, 1 to 100. [default: 10]");
        var after = Arguments.Text("--after", "Begin after this event.", "ID");
        var order = Arguments.Text("--order", "Oldest first (asc) or newest first (desc). [default: desc; with --follow asc]", "asc|desc");
        order.AcceptOnlyFromAmong("asc", "desc");
        var follow = new Option<bool>("--follow", "-f") { Description = "Continue with new events, one line an event." };
        return new CliCommand(
            "list",
            "Reads the log, newest first; with --follow oldest first.",
            "warder events list --type api_key.revoked --since 24h",
            "warder events list --order asc --limit 50",
            "warder events list --follow --json")
        {
            types, organization, since, until, limit, after, order, follow,
        }
        .Does(shell, async call =>
        {
            var query = new EventQuery
            {
                Types = call.Many(types),
                OrganizationId = call.Get(organization),
                RangeStart = call.Ago(since),
                RangeEnd = call.Ago(until),
                Limit = call.Get(limit),
                After = call.Get(after),
                Order = call.Get(order) switch { "asc" => ListOrder.Ascending, "desc" => ListOrder.Descending, _ => null },
            };
            if (query.Order is null && !call.Get(follow))
                query = query with { Order = ListOrder.Descending };
            return call.Get(follow) ? await FollowAsync(call, query) : await PageAsync(call, query);
        });
    }

    private static CliCommand Verify(Shell shell)
    {
        var data = ServeCommand.DataOption();
        var database = DatabaseSource.Option();
        var rootKey = RootKeySource.Option();
        return new CliCommand(
            "verify",
            "Verifies the whole log of a data directory that no server uses: no gap, every hash of the chain, every personal value; "
                + "with the root key, that the log was not rewritten.",
            "warder events verify --data /var/lib/warder")
        {
            data, database, rootKey,
        }
        .Does(shell, call =>
        {
            var source = DatabaseSource.Find(shell, call.Get(database));
            var report = OfflineData.VerifyLog(call.Get(data), source, RootKeySource.Find(shell, call.Get(rootKey)));
            var authenticated = report.Authenticated?.ToString(CultureInfo.InvariantCulture);
            if (call.IsJson)
            {
                var problem = report.Problem is { } text ? $"\"{JsonEncodedText.Encode(text)}\"" : "null";
                shell.WriteJson($"{{\"verified\":{(report.Problem is null ? "true" : "false")},\"events\":{report.Events},"
                    + $"\"batches\":{report.Batches},\"authenticated\":{authenticated ?? "null"},\"problem\":{problem}}}");
            }
            else if (report.Problem is null)
            {
                shell.Out.WriteLine($"{report.Events} events in {report.Batches} batches: the chain holds" + (authenticated is not null
                    ? $", and is under MACs of the root key up to event {authenticated}."
                    : ". A rewrite of the log was not checked for: there is no root key here, or no MAC yet."));
            }
            else
            {
                shell.Error.WriteLine(
                    $"warder: the log does not verify after {report.Events} events: {Printable.From(report.Problem)}");
            }

            return Task.FromResult(report.Problem is null ? ExitCode.Ok : ExitCode.Refused);
        });
    }

    private static async Task<int> PageAsync(Invocation call, EventQuery query)
    {
        var page = await call.Client.Events.ListAsync(query, call.Cancelled);
        call.ShowAll(Fields, page.Data);
        if (!call.IsJson && page.ListMetadata.After is { } after)
            call.Shell.Error.WriteLine($"There is more: --after {Printable.From(after)}");
        return ExitCode.Ok;
    }

    /// <summary>Prints new events until a signal stops the command, which is its success.</summary>
    private static async Task<int> FollowAsync(Invocation call, EventQuery query)
    {
        if (query.Order == ListOrder.Descending || query.RangeEnd is not null)
            throw new UsageException("--follow reads forward without end: omit --order desc and --until.");
        try
        {
            await foreach (var entry in call.Client.Events.FollowAsync(query with { Limit = null }, PollInterval, call.Cancelled))
            {
                if (call.IsJson)
                    call.Shell.WriteJson(JsonSerializer.Serialize(entry, WarderJson.Wire.Event));
                else
                    call.Shell.Out.WriteLine(string.Join('\t', Fields.Select(field => Printable.From(field.Value(entry)))));
                await call.Shell.Out.FlushAsync(call.Cancelled);
            }
        }
        catch (OperationCanceledException) when (call.Cancelled.IsCancellationRequested)
        {
            // A signal ended the stream.
        }

        return ExitCode.Ok;
    }

    private static string? About(Event entry)
        => entry.Data.ValueKind == JsonValueKind.Object && entry.Data.TryGetProperty("id", out var id)
            && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;
}
