using System.CommandLine;
using Warder.Client.Lists;
using Warder.Cli.Shells;

namespace Warder.Cli.Options;

/// <summary>The options of every list: the page, the order, or all pages.</summary>
internal sealed class ListOptions
{
    private readonly Option<int?> limit = Arguments.Number("--limit", "The length of a page, 1 to 100. [default: 10]");
    private readonly Option<string?> after = Arguments.Text("--after", "Begin after this id.", "ID");
    private readonly Option<string?> before = Arguments.Text("--before", "End before this id.", "ID");
    private readonly Option<string?> order = Arguments.Text("--order", "Newest first (desc) or oldest first (asc).", "asc|desc");
    private readonly Option<bool> all = Arguments.Flag("--all", "All pages.");

    public ListOptions() => order.AcceptOnlyFromAmong("asc", "desc");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(limit);
        command.Add(after);
        command.Add(before);
        command.Add(order);
        command.Add(all);
    }

    /// <summary>Whether <c>--all</c> is given.</summary>
    public bool IsAll(ParseResult parsed) => parsed.GetValue(all);

    /// <summary>Adds the values of the options to a query.</summary>
    public TQuery Apply<TQuery>(ParseResult parsed, TQuery query)
        where TQuery : ListQuery
    {
        if (parsed.GetValue(before) is not null && (parsed.GetValue(after) is not null || IsAll(parsed)))
            throw new UsageException("--before excludes --after and --all.");
        return (TQuery)((ListQuery)query with
        {
            Limit = parsed.GetValue(limit) ?? (IsAll(parsed) ? 100 : null),
            After = parsed.GetValue(after),
            Before = parsed.GetValue(before),
            Order = parsed.GetValue(order) switch { "asc" => ListOrder.Ascending, "desc" => ListOrder.Descending, _ => null },
        });
    }
}
