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

    /// <summary>All that there is at present, page by page.</summary>
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
    /// All that there is, and then what comes, oldest first, until it is cancelled: each event once. To go on after a restart, pass the id
    /// of the last event that was dealt with as <see cref="EventQuery.After"/>.
    /// </summary>
    /// <param name="query">Which events; its order is not used.</param>
    /// <param name="interval">How long to wait before asking again when nothing is new.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<Event> FollowAsync(
        EventQuery? query, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var at = (query ?? new()) with { Limit = query?.Limit ?? PageSize, Order = null };
        while (true)
        {
            var page = await ListAsync(at, cancellationToken);
            foreach (var item in page.Data)
                yield return item;
            // A page may be empty and lead on: the server examines a bounded number of events for each.
            at = at with { After = page.ListMetadata.After ?? (page.Data.Count > 0 ? page.Data[^1].Id : at.After) };
            if (page.ListMetadata.After is null)
                await Task.Delay(interval, cancellationToken);
        }
    }
}
