using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Warder.Cedar.Fuzz.Mutations;

/// <summary>Mutates a JSON document as a document: removes, adds, renames and replaces members; adds and removes escapes.</summary>
internal static class JsonMutation
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    private static readonly string[] Names =
    [
        "type", "id", "name", "element", "attributes", "required", "additionalAttributes", "annotations", "shape", "tags", "enum",
        "memberOf", "memberOfTypes", "appliesTo", "principalTypes", "resourceTypes", "context", "commonTypes",
        "entityTypes", "actions", "uid", "attrs", "parents", "__entity", "__extn", "__expr", "fn", "arg", "args", "effect", "principal",
        "action", "resource", "conditions", "kind", "body", "op", "entity", "entities", "slot",
        "entity_type", "in", "Value", "Var", "Slot", "==", "!", "neg", "left", "right", "attr", "has", ".", "like", "pattern", "is",
        "if-then-else", "if", "then", "else", "Set", "Record", "ip", "isIpv4", "Unknown", "Literal",
        "staticPolicies", "templates", "templateLinks", "templateId", "newId", "values", "?principal", "?resource", "a", "", "Long",
        "x y", "__cedar",
    ];

    private static readonly string[] Texts =
    [
        "Long", "String", "Boolean", "Bool", "Set", "Record", "Entity", "EntityOrCommon", "Extension", "ipaddr", "decimal", "__cedar::Long",
        "__cedar", "User", "N::User", "Nowhere", "Action", "T0", "", "a b", "in", "All", "==", "is",
        "?principal", "?resource", "principal", "context", "permit", "forbid", "when", "unless", "Wildcard", "ip", "offset", "isInRange",
        "::1", "1.5", "a", "Action::\"a\"", "User ::x", " User",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "1", "1.0", "1e2", "-9223372036854775808", "9223372036854775807", "9223372036854775808",
        "\"x\"", "[]", "{}", "[[]]", "[1,\"a\"]", "[\"a\",\"b\"]", "[\"x y\",\"if\",\"\"]", "{\"type\":\"User\",\"id\":\"a\"}",
        "{\"__entity\":{\"type\":\"User\",\"id\":\"a\"}}", "{\"__extn\":{\"fn\":\"ip\",\"arg\":\"::1\"}}", "{\"__expr\":\"1\"}",
        "{\"type\":\"Long\"}", "{\"type\":\"Set\",\"element\":{\"type\":\"String\"}}", "{\"type\":\"Record\",\"attributes\":{}}",
        "{\"type\":\"Entity\",\"name\":\"User\"}", "{\"type\":\"EntityOrCommon\",\"name\":\"User\"}", "[\"User\"]", "{\"id\":\"view\"}",
        "[{\"id\":\"view\"}]", "{\"Value\":1}", "{\"Var\":\"principal\"}", "{\"op\":\"All\"}", "{\"slot\":\"?principal\"}",
        "{\"==\":{\"left\":{\"Value\":1},\"right\":{\"Value\":1}}}", "{\"Value\":{\"a\":1}}", "{\"Set\":[]}", "{\"Record\":{}}",
        "{\"ip\":[{\"Value\":\"::1\"}]}", "\"Wildcard\"", "{\"Literal\":\"a\"}",
    ];

    /// <summary>Returns the document with one to three changes, some of them in its text alone.</summary>
    public static string Of(Chance chance, string json)
    {
        if (chance.Of(0.2))
            return TextMutation.Of(chance, json);
        var root = Wrapped(json);
        for (var i = chance.Pick(1, 1, 1, 2, 3); i > 0; i--)
            Change(chance, chance.PickFrom(Places(root, [])));
        return Text(root);
    }

    /// <summary>
    /// Returns the document without the member at an index, and with each of that member's own members in its place. Returns null beyond
    /// the last index, or for a text that is not a document.
    /// </summary>
    public static IReadOnlyList<string>? Simpler(string json, int place)
    {
        if (!JsonDocuments.IsDocument(json) || Places(Wrapped(json), []) is var places && place >= places.Count)
            return null;
        var simpler = new List<string> { Changed(spot => Put(spot, null)) };
        var members = places[place] is var (parent, name, index)
            && (name is null ? parent[index] : parent[name]) is { } here ? Places(here, []).Count(it => it.Parent == here) : 0;
        for (var i = 0; i < members; i++)
        {
            var member = i;
            simpler.Add(Changed(spot =>
            {
                var old = spot.Name is null ? spot.Parent[spot.Index]! : spot.Parent[spot.Name]!;
                Put(spot, (old is JsonArray array ? array[member] : old.AsObject().ElementAt(member).Value)?.DeepClone() ?? false);
            }));
        }

        return simpler;

        string Changed(Action<(JsonNode Parent, string? Name, int Index)> change)
        {
            var root = Wrapped(json);
            change(Places(root, [])[place]);
            return Text(root);
        }

        static void Put((JsonNode Parent, string? Name, int Index) spot, JsonNode? with)
        {
            if (with is not null && spot.Name is null)
                spot.Parent[spot.Index] = with;
            else if (with is not null)
                spot.Parent[spot.Name!] = with;
            else if (spot.Parent is JsonArray array)
                array.RemoveAt(spot.Index);
            else
                spot.Parent.AsObject().Remove(spot.Name!);
        }
    }

    private static JsonArray Wrapped(string json) => new(JsonDocuments.Parse(json));

    private static string Text(JsonArray wrapped)
        => wrapped.Count > 0 && wrapped[0] is { } document ? document.ToJsonString(Plain) : "null";

    private static List<(JsonNode Parent, string? Name, int Index)> Places(
        JsonNode node, List<(JsonNode Parent, string? Name, int Index)> found)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                found.Add((array, null, i));
                if (array[i] is { } item)
                    Places(item, found);
            }
        }
        else if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields)
            {
                found.Add((fields, name, 0));
                if (value is not null)
                    Places(value, found);
            }
        }

        return found;
    }

    private static void Change(Chance chance, (JsonNode Parent, string? Name, int Index) place)
    {
        chance.Note("mutation:JSON");
        if (place.Parent is JsonArray array)
            Change(chance, array, place.Index);
        else
            Change(chance, (JsonObject)place.Parent, place.Name!);
    }

    private static void Change(Chance chance, JsonArray array, int index)
    {
        switch (chance.Below(4))
        {
            case 0 when array.Parent is not null:
                array.RemoveAt(index);
                break;
            case 1 when array.Parent is not null:
                array.Add(array[index]?.DeepClone());
                break;
            default:
                array[index] = Other(chance, array[index]);
                break;
        }
    }

    private static void Change(Chance chance, JsonObject fields, string name)
    {
        switch (chance.Below(6))
        {
            case 0:
                fields.Remove(name);
                break;
            case 1:
                fields[chance.PickFrom(Names)] = Value(chance);
                break;
            case 2:
                var value = fields[name];
                fields.Remove(name);
                fields[chance.PickFrom(Names)] = value;
                break;
            case 3:
                fields[chance.PickFrom(Names)] = fields[name]?.DeepClone();
                break;
            default:
                fields[name] = Other(chance, fields[name]);
                break;
        }
    }

    private static JsonNode? Other(Chance chance, JsonNode? old) => chance.Below(6) switch
    {
        0 => new JsonArray(old?.DeepClone()),
        1 => new JsonObject { [chance.Pick("__entity", "__extn", chance.PickFrom(Names))] = old?.DeepClone() },
        2 when old is JsonObject { Count: 1 } only => only.First().Value?.DeepClone(),
        3 when old is JsonValue && old.GetValueKind() == JsonValueKind.String => chance.PickFrom(Texts),
        _ => Value(chance),
    };

    private static JsonNode? Value(Chance chance) => chance.Of(0.25) ? chance.PickFrom(Texts) : JsonNode.Parse(chance.PickFrom(Values));
}
