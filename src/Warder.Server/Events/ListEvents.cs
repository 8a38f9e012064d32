using System.Text;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Server.Http;
using Warder.Storage.Events;

namespace Warder.Server.Events;

/// <summary>Lists the events of an environment, completely and in the log's order.</summary>
internal static class ListEvents
{
    /// <summary>The query parameters of the list.</summary>
    public static readonly IReadOnlyList<QueryField> Fields =
    [
        QueryField.Limit, new("after", "The event that the page follows."), new("order", "asc or desc."),
        new("events", "Only events of these types.", IsList: true), new("organization_id", "Only events about this organization."),
        new("range_start", "Only events at or after this time."), new("range_end", "Only events before this time."),
    ];

    public static Task<Result<Answer>> Run(Call call)
    {
        var query = call.Query();
        var filter = new EventFilter
        {
            Types = query.Texts("events", Limits.EventTypesPerList),
            OrganizationId = query.Text("organization_id"),
            From = query.Time("range_start"),
            Until = query.Time("range_end"),
        };
        var limit = query.Limit();
        var after = query.Text("after");
        if (after is not null && !Id.Is(IdKind.Event, after))
            query.Refuse("after", "invalid_cursor", "Must be an event's id.");
        var order = query.Text("order") ?? "asc";
        if (order is not ("asc" or "desc" or "normal"))
            query.Refuse("order", "invalid_value", "Must be asc or desc.");
        if (query.Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        return call.ReadInLane<Answer>(session =>
        {
            long? cursor = null;
            if (after is not null && (cursor = EventTable.SequenceOf(session, call.Environment, after)) is null)
                return Fault.Field("after", "invalid_cursor", "Must be an event's id.");
            var (events, next) = EventTable.List(session, call.Environment, filter, cursor, order == "asc", limit);
            return Answer.Raw(AnswerKind.Ok, Page(events, next));
        });
    }

    // Events are stored in the form that answers show, so they are not parsed here.
    private static byte[] Page(List<StoredEvent> events, string? next)
    {
        using var page = new MemoryStream();
        page.Write("{\"object\":\"list\",\"data\":["u8);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0)
                page.WriteByte((byte)',');
            page.Write(EventReveal.Render(events[i]));
        }

        page.Write("],\"list_metadata\":{\"after\":"u8);
        page.Write(next is null ? "null"u8 : Encoding.ASCII.GetBytes($"\"{next}\""));
        page.Write("}}"u8);
        return page.ToArray();
    }
}
