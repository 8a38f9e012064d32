using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Json;

/// <summary>Entities and values in JSON are accepted and read as by the official engine.</summary>
public sealed class EntityJsonTests
{
    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": []}]""")]
    [InlineData("""[{"uid": {"__entity": {"type": "N::U", "id": ""}}, "attrs": {}, "parents": [{"__entity": {"type": "U", "id": "b"}}],"""
        + """ "tags": {"t": 1}}]""")]
    [InlineData("""[{"uid": {"type": "U", "id": "a", "more": 1}, "attrs": {}, "parents": [], "more": {}}]""")]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {"": 1, "if": 2, "__cedar": 3}, "parents": []}]""")]
    [InlineData("""[{"uid": {"type": "N::Action", "id": "a"}, "attrs": {"x": 1}, "parents": [{"type": "M::Action", "id": "b"}]}]""")]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": []},"""
        + """ {"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": []}]""")]
    [InlineData("""[[{"type": "U", "id": "a"}, {}, []], [["U", "b"], {}, [["U", "a"], {"__entity": ["U", "c"]}], {"t": 1}]]""")]
    [InlineData("""[[["U", "a"], {}, [], {}, 1]]""", false)]
    [InlineData("""[[["U", "a"], {}]]""", false)]
    [InlineData("""[[["U", "a", "b"], {}, []]]""", false)]
    [InlineData("""[[["U"], {}, []]]""", false)]
    [InlineData("{}", false)]
    [InlineData("null", false)]
    [InlineData("[1]", false)]
    [InlineData("[{}]", false)]
    [InlineData("[] []", false)]
    [InlineData("[,]", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {}}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": [], "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": null, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": {}}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": ["U::\"b\""]}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": [], "tags": null}]""", false)]
    [InlineData("""[{"uid": "U::\"a\"", "attrs": {}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"__expr": "U::\"a\"", "type": "U", "id": "a"}, "attrs": {}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": 1}, "attrs": {}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "N :: U", "id": "a"}, "attrs": {}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "if", "id": "a"}, "attrs": {}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "", "id": "a"}, "attrs": {}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "__cedar", "id": "a"}, "attrs": {}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": []}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": [], "more": 1, "more": 1}]""", false)]
    [InlineData("""[{"uid": {"type": "Action", "id": "a"}, "attrs": {}, "parents": [{"type": "U", "id": "b"}]}]""", false)]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": [{"type": "U", "id": "a"}]}]""", false)]
    public void Entities(string json, bool isAccepted = true)
    {
        var entities = Cedar.Entities.ParseJson(json);

        Assert.Equal(isAccepted, entities.Succeeded);
        Assert.Equal(isAccepted, entities.Diagnostics.Count == 0);
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("\"\\u0041\\ud83d\\ude00\\/\\n\"", "\"A😀/\\n\"")]
    [InlineData("[1, 1, [2, 1]]", "[1, [2, 1]]")]
    [InlineData("{\"b\": 1, \"a b\": {}}", "{\"a b\": {}, b: 1}")]
    [InlineData("{\"__entity\": {\"type\": \"N::U\", \"id\": \"a\", \"more\": 1}}", "N::U::\"a\"")]
    [InlineData("{\"__entity\": {\"type\": \"N::U\", \"id\": \"a\"}, \"more\": 1}", "{__entity: {id: \"a\", type: \"N::U\"}, more: 1}")]
    [InlineData("{\"__entity\": [\"U\", \"a\"]}", "{__entity: [\"U\", \"a\"]}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": \"::1\"}, \"more\": 1}", "{__extn: {arg: \"::1\", fn: \"ip\"}, more: 1}")]
    [InlineData("{\"__expr\": \"1\", \"more\": 1}", "{__expr: \"1\", more: 1}")]
    [InlineData("{\"__entity\": {\"type\": \"U\"}}", "{__entity: {type: \"U\"}}")]
    [InlineData("{\"__entity\": 1}", "{__entity: 1}")]
    [InlineData("{\"__expr\": 1}", "{__expr: 1}")]
    [InlineData("{\"__extn\": \"ip\"}", "{__extn: \"ip\"}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\"}}", "{__extn: {fn: \"ip\"}}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": \"::1\", \"more\": 1}}", "ip(\"::1\")")]
    [InlineData("{\"__extn\": {\"fn\": \"decimal\", \"args\": [\"1.50\"]}}", "decimal(\"1.5\")")]
    [InlineData("{\"__extn\": {\"fn\": \"isIpv4\", \"args\": [{\"__extn\": {\"fn\": \"ip\", \"arg\": \"10.0.0.0/8\"}}]}}", "true")]
    [InlineData("{\"__extn\": {\"fn\": \"offset\", \"args\": [{\"__extn\": {\"fn\": \"datetime\", \"arg\": \"1970-01-01\"}},"
        + " {\"__extn\": {\"fn\": \"duration\", \"arg\": \"1s\"}}]}}",
        "datetime(\"1970-01-01\").offset(duration(\"1000ms\"))")]
    [InlineData("{\"type\": \"U\", \"id\": \"a\"}", "{id: \"a\", type: \"U\"}")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("-0")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("True")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\u004\0\"")]
    [InlineData("\"\\u 041\"")]
    [InlineData("\"a\tb\"")]
    [InlineData("\"a")]
    [InlineData("[1,]")]
    [InlineData("[1")]
    [InlineData("{\"a\": 1,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a: 1}")]
    [InlineData("{\"a\": 1, \"\\u0061\": 2}")]
    [InlineData("{\"__expr\": \"1\"}")]
    [InlineData("{\"__entity\": {\"type\": \"U\", \"id\": \"a\", \"more\": [1.5]}}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": \"::1\", \"more\": {\"a\": 9223372036854775808}}}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": \"::1\", \"more\": null}}", "ip(\"::1\")")]
    [InlineData("{\"__entity\": {\"type\": \"a b\", \"id\": \"\"}}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": \"bad\"}}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": 1}}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"args\": []}}")]
    [InlineData("{\"__extn\": {\"fn\": \"foo\", \"arg\": \"1\"}}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": null}}")]
    public void Values(string json, string? expected = null)
    {
        var record = CedarRecord.ParseJson($$"""{"x": {{json}}}""");

        Assert.Equal(expected, record.Value?["x"].ToString());
        Assert.Equal(expected is null, record.Diagnostics.Count > 0);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{\"__entity\": {\"type\": \"U\", \"id\": \"a\"}}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": \"::1\"}}")]
    public void A_context_is_a_record(string json) => Assert.False(CedarRecord.ParseJson(json).Succeeded);
}
