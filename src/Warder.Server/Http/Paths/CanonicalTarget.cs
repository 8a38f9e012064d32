using System.Text;
using Microsoft.AspNetCore.Http;

namespace Warder.Server.Http.Paths;

/// <summary>
/// Computes one spelling for all request targets that reach the same route with the same values. The letter case of the route's own
/// segments, a trailing slash, percent-encoding and the order of query parameters make no difference. Values are compared exactly.
/// </summary>
internal static class CanonicalTarget
{
    /// <summary>Returns the route's pattern with its values filled in, then the query sorted by name.</summary>
    public static string Of(Route route, HttpRequest request)
    {
        var path = new StringBuilder();
        foreach (var segment in route.Pattern.Split('/').Skip(1))
        {
            path.Append('/').Append(
                segment is ['{', .. var name, '}'] ? Uri.EscapeDataString(RequestTarget.Value(request, name)) : segment);
        }

        // Parameters of one name keep their order, which may have a meaning.
        var query = QueryString.Create(request.Query.OrderBy(static pair => pair.Key, StringComparer.Ordinal));
        return path.ToString() + query.ToUriComponent();
    }
}
