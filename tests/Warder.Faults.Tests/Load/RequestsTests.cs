using System.Globalization;
using System.Text;
using System.Text.Json;
using Warder.Faults.Checks;
using Warder.Faults.Load;

namespace Warder.Faults.Tests.Load;

public sealed class RequestsTests
{
    [Fact]
    public void A_batch_is_a_request_as_documented()
    {
        using var folder = new Folder();
        var subject = new EndingSubject("org_1", ["api_key_1"], folder.Epochs);
        Target[] targets = [new(subject, default, "a_b", null, 1), new(subject, default, "c_d", "posts:read", 1)];
        var buffer = new byte[1000];
        var request = Encoding.ASCII.GetString(buffer, 0, new Requests("wdrm_x").Batch(targets, buffer));

        var parts = request.Split("\r\n\r\n");
        Assert.StartsWith("POST /api_keys/validations/batch HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Bearer wdrm_x\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith(
            $"\r\nContent-Length: {parts[1].Length.ToString(CultureInfo.InvariantCulture)}", parts[0], StringComparison.Ordinal);
        var requested = JsonDocument.Parse(parts[1]).RootElement.GetProperty("validations");
        Assert.Equal(["a_b", "c_d"], requested.EnumerateArray().Select(one => one.GetProperty("value").GetString()));
        Assert.Equal("posts:read", requested[1].GetProperty("permissions")[0].GetString());
    }

    [Fact]
    public void Codes_are_read_in_order()
    {
        const string Key =
            """{"object":"api_key","id":"api_key_1","owner":{"type":"organization","id":"org_1"},"name":"n","permissions":["a"]}""";
        string[] names =
            ["allowed", "malformed", "wrong_environment", "not_found", "revoked", "expired", "suspended", "owner_inactive",
                "insufficient_permissions", "unavailable", "new"];
        var results = names.Select(name => name == "allowed"
            ? $$$"""{"api_key":{{{Key}}},"decision":{"allow":true,"code":"allowed"}}"""
            : $$$"""{"api_key":null,"decision":{"allow":false,"code":"{{{name}}}","api_key_id":"api_key_1"}}""");
        var codes = new Code[names.Length];

        Assert.Equal(names.Length, Requests.Codes(Encoding.ASCII.GetBytes($$"""{"results":[{{string.Join(',', results)}}]}"""), codes));
        Assert.Equal(Enum.GetValues<Code>(), codes);
    }

    [Theory]
    [InlineData("""{"results":[{"api_key":null,"decision":{"allow":true,"code":"revoked"}}]}""")]
    [InlineData("""{"results":[{"api_key":null,"decision":{"allow":false,"code":"allowed"}}]}""")]
    public void An_answer_that_contradicts_itself_is_none_that_is_known(string body)
    {
        var codes = new Code[1];

        Assert.Equal(1, Requests.Codes(Encoding.ASCII.GetBytes(body), codes));
        Assert.Equal(Code.Unknown, codes[0]);
    }
}
