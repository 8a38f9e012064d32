using System.Runtime.CompilerServices;
using Warder.Contracts.Lists;

namespace Warder.Client.Lists;

/// <summary>Walks all pages of a list, one in memory at a time.</summary>
internal static class Traversal
{
    private const int PageSize = 100;

    /// <summary>Lists every item that exists throughout the traversal exactly once.</summary>
    public static async IAsyncEnumerable<T> ListAllAsync<TQuery, T>(
        TQuery query, Func<TQuery, CancellationToken, Task<ListPage<T>>> page, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TQuery : ListQuery
    {
        if (query.Before is not null)
            throw new ArgumentException("A traversal goes forward: use After, or Order.", nameof(query));
        var at = query with { Limit = query.Limit ?? PageSize };
        while (true)
        {
            var current = await page(at, cancellationToken);
            foreach (var item in current.Data)
                yield return item;
            if (current.ListMetadata.After is not { } after)
                yield break;
            at = at with { After = after };
        }
    }
}
