using System.Runtime.CompilerServices;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Events;

namespace Warder.Client.Events;

/// <summary>The log. Reading it needs <c>events:read</c>.</summary>
public sealed class EventsClient
{
    private const int PageSize = 100;
    private readonly Connection connection;

    internal EventsClient(Connection connection) => this.connection = connection;

    /// <summary>One page.</summary>
    public Task<EventPage> ListAsync(EventQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get((query ?? new()).At("events")), WarderJson.Wire.EventPage, cancellationToken);

    /// <summary>Lists all events that the log holds at present, page by page.</summary>
    public async IAsyncEnumerable<Event> ListAllAsync(
        EventQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var at = (query ?? new()) with { Limit = query?.Limit ?? PageSize };
        while (true)
        {
            var page = await ListAsync(at, cancellationToken);
            foreach (var item in page.Data)
                yield return item;
            if (page.ListMetadata.After is not { } after)
                yield break;
            at = at with { After = after };
        }
    }

    /// <summary>
    /// Lists all events that the log holds, then waits for new events, until it is canceled. Events come oldest first, each once. To resume
    /// after a restart, pass the id of the last handled event as <see cref="EventQuery.After"/>.
    /// </summary>
    /// <param name="query">Selects the events; its order is ignored.</param>
    /// <param name="interval">The pause before the next request when the log has no new event.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async IAsyncEnumerable<Event> FollowAsync(
        EventQuery? query, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var at = (query ?? new()) with { Limit = query?.Limit ?? PageSize, Order = null };
        while (true)
        {
            var page = await ListAsync(at, cancellationToken);
            foreach (var item in page.Data)
                yield return item;
            // The server examines a bounded number of events for each page, so that an empty page can still have a cursor to the next one.
            at = at with { After = page.ListMetadata.After ?? (page.Data.Count > 0 ? page.Data[^1].Id : at.After) };
            if (page.ListMetadata.After is null)
                await Task.Delay(interval, cancellationToken);
        }
    }
}
