using System.Text.Json;

namespace Warder.Faults.Attacks;

/// <summary>Holds the attackers' keys: management keys with the right to validate and no other right.</summary>
/// <param name="Neighbour">A management key of another environment.</param>
/// <param name="Own">A management key of the load's environment.</param>
/// <param name="LargeKey">The secret of a key of the other environment, with many permissions.</param>
internal sealed record HostileKeys(string Neighbour, string Own, string LargeKey)
{
    private const int PermissionsPerKey = 64;

    private static readonly string[] Rights = ["keys:validate"];

    /// <summary>Creates the keys, with the operator's key of the load's environment.</summary>
    public static HostileKeys Found(Caller founder, Node at, Meter meter)
    {
        var environment = Must(founder.Call(at, "POST", "/environments", new { name = "neighbour", key_prefix = "neighbour" }));
        var operatorsKey = environment.GetProperty("management_key").GetProperty("value").GetString()!;
        using var neighbour = new Caller(new Requests(operatorsKey), meter);
        var organization = Must(neighbour.Call(at, "POST", "/organizations", new { name = "neighbour" })).GetProperty("id").GetString()!;
        // As many permissions as a key may have, with long names.
        var permissions = Enumerable.Range(0, PermissionsPerKey).Select(number => $"permission-with-a-long-name:{number}").ToList();
        foreach (var slug in permissions)
            Must(neighbour.Call(at, "POST", "/authorization/permissions", new { slug, name = slug }));
        var large = Must(neighbour.Call(at, "POST", $"/organizations/{organization}/api_keys", new { name = "large", permissions }));
        return new HostileKeys(NewKey(neighbour, at), NewKey(founder, at), large.GetProperty("value").GetString()!);
    }

    private static string NewKey(Caller caller, Node at)
        => Must(caller.Call(at, "POST", "/management_keys", new { name = "hostile", rights = Rights })).GetProperty("value").GetString()!;

    private static JsonElement Must(Reply reply)
        => reply.Succeeded
            ? reply.Body
            : throw new InvalidOperationException($"The attackers' keys could not be made: {reply} {reply.Body}");
}
