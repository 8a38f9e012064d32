using System.Text.Json;
using Warder.Cli.Output;
using Warder.Contracts.Events;

namespace Warder.Cli.Commands.Events;

/// <summary>Events as people see them.</summary>
internal static class EventView
{
    public static readonly IReadOnlyList<Field<Event>> Fields =
    [
        new("created_at", entry => Shown.Time(entry.CreatedAt), InList: true),
        new("event", entry => entry.Type, InList: true),
        new("about", About, InList: true),
        new("actor", entry => entry.Context.Actor is { } actor ? $"{actor.Name ?? actor.Id} ({actor.Source})" : null, InList: true),
        new("on_behalf_of", entry => entry.Context.OnBehalfOf, InList: true),
        new("source_address", entry => entry.Context.SourceAddress, InList: true),
        new("id", entry => entry.Id, InList: true),
    ];

    private static string? About(Event entry)
        => entry.Data.ValueKind == JsonValueKind.Object && entry.Data.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;
}
