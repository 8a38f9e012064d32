using System.Text;
using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Keys;

namespace Warder.Client.Tests.Json;

public sealed class WarderJsonTests
{
    [Fact]
    public void Every_character_prints_as_JSON_stringify_prints_it()
    {
        var every = new StringBuilder();
        for (var code = 0; code < 0x110000; code++)
        {
            if (Rune.IsValid(code))
                every.Append(new Rune(code).ToString());
        }

        var text = every.ToString();
        var expected = "{\"reason\":\"" + string.Concat(text.Select(Stringified)) + "\"}";
        Assert.Equal(expected, JsonSerializer.Serialize(new ReasonRequest { Reason = text }, WarderJson.Wire.ReasonRequest));
        Assert.Equal(
            expected,
            Encoding.UTF8.GetString(
                JsonSerializer.SerializeToUtf8Bytes(new ReasonRequest { Reason = text }, WarderJson.Wire.ReasonRequest)));
    }

    [Fact]
    public void A_patch_tells_absent_from_null()
    {
        Assert.Equal("{}", Print(new UpdateKeyRequest()));
        Assert.Equal(
            """{"name":"a","permissions":[],"purpose":null,"expires_at":null}""",
            Print(new UpdateKeyRequest { Name = "a", Permissions = new(true, []), Purpose = null, ExpiresAt = (DateTimeOffset?)null }));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"purpose":null}""")]
    [InlineData("""{"name":"a","permissions":["posts:read"],"responsible_user_id":"user_1","expires_at":"2026-01-15T12:00:00.000Z"}""")]
    public void A_patch_that_was_read_prints_the_same(string json)
        => Assert.Equal(json, Print(JsonSerializer.Deserialize(json, WarderJson.Wire.UpdateKeyRequest)!));

    [Theory]
    [InlineData("2026-01-15T14:00:00+02:00", "2026-01-15T12:00:00.000Z")]
    [InlineData("2026-01-15T12:00:00.1239999+00:00", "2026-01-15T12:00:00.123Z")]
    public void Times_print_in_UTC_with_milliseconds(string read, string printed)
        => Assert.Equal(
            $$"""{"expires_at":"{{printed}}"}""",
            Print(JsonSerializer.Deserialize($$"""{"expires_at":"{{read}}"}""", WarderJson.Wire.UpdateKeyRequest)!));

    [Theory]
    [InlineData("\"2026-01-15T12:00:00\"")]
    [InlineData("\"tomorrow\"")]
    [InlineData("1768478400")]
    public void What_names_no_instant_is_no_time(string time)
        => Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize($$"""{"expires_at":{{time}}}""", WarderJson.Wire.UpdateKeyRequest));

    [Fact]
    public void A_key_prints_its_members_in_the_documented_order_nulls_too()
    {
        var json = Samples.Key().ReplaceLineEndings("");
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, WarderJson.Wire.ApiKey), WarderJson.Wire.ApiKey));
    }

    private static string Print(UpdateKeyRequest request) => JsonSerializer.Serialize(request, WarderJson.Wire.UpdateKeyRequest);

    private static string Stringified(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        < ' ' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };
}
