namespace Warder.Server.Http;

/// <summary>
/// A query parameter that a route takes. A row of the route table declares all of its parameters. Each other parameter is refused.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Description">The description, for the API description.</param>
/// <param name="IsList">Whether the parameter takes several values, separated by commas or given several times.</param>
internal sealed record QueryField(string Name, string Description, bool IsList = false)
{
    /// <summary>The parameter <c>dry_run</c>.</summary>
    public static readonly QueryField DryRun = new("dry_run", "true: answer what would end or be imported, and write nothing.");

    /// <summary>The parameter <c>limit</c>.</summary>
    public static readonly QueryField Limit = new("limit", "1 to 100; 10 if left out.");

    /// <summary>The parameters of a page of ids.</summary>
    public static readonly IReadOnlyList<QueryField> Page =
    [
        Limit, new("after", "The id that the page follows."), new("before", "The id that the page precedes."),
        new("order", "desc, asc or normal."),
    ];
}
