using Warder.Contracts.Events;
using Warder.Core.Management;
using Warder.Server.Http;

namespace Warder.Server.Events;

/// <summary>The routes of the log.</summary>
internal static class EventRoutes
{
    public static IReadOnlyList<Route> All { get; } =
        [Route.Get<EventPage>("/events", Rights.EventsRead, "Read the log", ListEvents.Run) with { Query = ListEvents.Fields }];
}
