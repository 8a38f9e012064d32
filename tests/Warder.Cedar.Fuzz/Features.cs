using System.Collections.Concurrent;

namespace Warder.Cedar.Fuzz;

/// <summary>Counts each generated feature, and each outcome. A feature without a count was not tested.</summary>
internal sealed class Features
{
    private static readonly string[] Expected =
    [
        // Generated features.
        "permit", "forbid", "when", "unless", "annotation", "?principal", "?resource", "link", "trailing comma", "escape:x", "escape:u",
        "scope:any", "scope:==", "scope:in", "scope:is", "scope:is in", "action:any", "action:==", "action:in", "action:list",
        "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "negate", "+", "-", "*", "if", "in:entity", "in:set", "in:action", "is", "is in",
        "has", "has path", "like", "like:\\*", "guard", "unguarded",
        "hasTag", "getTag", "contains", "containsAll", "containsAny", "isEmpty", "set", "set:empty", "record", "record access", "ip",
        "decimal", "datetime", "duration",
        "isIpv4", "isIpv6", "isLoopback", "isMulticast", "isInRange", "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual",
        "offset", "durationSince", "toDate", "toTime",
        "toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays",
        "entity:escaped", "entity:implicit", "extension:escaped", "extension:implicit", "extension:half", "extension:method",
        "hierarchy:deep",
        "schema:one namespace", "schema:namespaces", "schema:common type", "schema:enum", "schema:tags", "schema:required",
        "schema:optional", "schema:annotation", "schema:action group", "schema:__cedar", "schema:taken name", "schema:several at once",
        "entity:twice", "deep",
        "mutation:character", "mutation:delete", "mutation:duplicate", "mutation:swap", "mutation:insert", "mutation:replace",
        "mutation:cut", "mutation:JSON",

        // Outcomes.
        "allow", "deny", "deny by forbid", "several reasons", "policy failed", "50 policies", "request refused by both",
            "policies accepted", "policies refused by both", "policy valid", "policy invalid",
        "policy impossible", "schema accepted", "schema refused by both", "schema JSON accepted", "schema JSON refused by both",
        "schema without text", "entities accepted", "entities refused by both",
        "context accepted", "context refused by both", "set accepted", "set refused by both", "valid at level 0", "valid at level 1",
        "valid at level 2", "beyond level 1",
    ];

    private readonly ConcurrentDictionary<string, long> _counts = new();

    /// <summary>All counts, by name.</summary>
    public IEnumerable<(string Feature, long Count)> Counts
        => _counts.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Lists the required features without a count.</summary>
    public IReadOnlyList<string> Missing => [.. Expected.Where(feature => !_counts.ContainsKey(feature))];

    public void Note(string feature) => _counts.AddOrUpdate(feature, 1, (_, count) => count + 1);
}
