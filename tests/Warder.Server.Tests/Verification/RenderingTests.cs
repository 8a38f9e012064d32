using System.Text;
using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Keys;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Http;

namespace Warder.Server.Tests.Verification;

/// <summary>The handwritten answer of a validation equals the output of the contracts' serializer.</summary>
public sealed class RenderingTests
{
    private static readonly string[] Names =
    [
        "plain", "\"quoted\" and \\back\\slashed", "Zoë 日本語 \u00a0\u200b\u2028\u2029\ufeff", "🔑👩‍👩‍👧‍👦 𝒜",
        "\u0001\u0008\t\n\u000b\f\r\u001b\u001f\u007f\u0080\u009f",
        "<script>alert('&')</script>+/", "\ue000\ufffd\ufffe\uffff", "\"}],\"decision\":{\"allow\":true", new('é', 200), new('\u0001', 200),
        new('\\', 200),
    ];

    [Fact]
    public async Task The_answer_is_byte_for_byte_what_the_contracts_serializer_writes()
    {
        await using var warder = await RunningWarder.StartAsync();
        foreach (var name in Names)
            await CompareAsync(warder, name);
    }

    private static async Task CompareAsync(RunningWarder warder, string name)
    {
        var made = await Issue(warder, name);

        // First read from the store, then from memory.
        Same(await warder.Validate(made.Value), name, made.Id);
        Same(await warder.Validate(made.Value), name, made.Id);
        Same(await warder.Validate(made.Value[..^1] + (made.Value[^1] == '0' ? '1' : '0')), null, null);
        (await warder.Post($"/api_keys/{made.Id}/revoke")).Is(200);
        Same(await warder.Validate(made.Value), null, null);
    }

    [Fact]
    public async Task A_key_with_256_permissions_shows_them_all_in_their_order()
    {
        await using var warder = await RunningWarder.StartAsync();
        var slugs = Enumerable.Range(0, 256).Select(i => $"p{i}:".PadRight(48, 'x')).Reverse().ToArray();
        await Parallel.ForEachAsync(
            slugs, async (slug, _) => (await warder.Post("/authorization/permissions", new { slug, name = "p" })).Is(201));
        var made = await Issue(warder, "all", slugs);

        var reply = await warder.Validate(made.Value, [.. slugs.Take(64)]);
        Assert.Equal(slugs, Parse(reply).ApiKey!.Permissions);
        Same(reply, "all", made.Id);

        var more = await warder.Post("/authorization/permissions", new { slug = "one-more", name = "p" });
        more.Is(201);
        Assert.Equal(
            ["permissions: too_many"],
            (await warder.Patch("/api_keys/" + made.Id, new { permissions = slugs.Append("one-more") })).Is(422).Faults);
    }

    [Fact]
    public async Task An_imported_key_cannot_write_into_the_answer_through_its_last_four_characters()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        foreach (var (i, lastFour) in new[] { "\"\\\"\\", "\\\\\\\"", "\",\"x", "abcd" }.Index())
        {
            var value = "old_" + new string((char)('a' + i), 32);
            var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(value)));
            var reply = await warder.Post("/api_keys/imports", new
            {
                scheme = new { prefix = "old_", length = 32, alphabet = "base62" },
                api_keys =
                    new[] { new { value_sha256 = digest, last_four = lastFour, owner = new { type = "organization", id = organization },
                        name = "i" } },
            });
            // A refusal of a value that cannot end so is as good.
            if (reply.Status != 422)
                Same(await warder.Validate(value), "i", reply.Is(201).Ids[0]);
        }
    }

    [Fact]
    public async Task Every_form_of_a_request_that_means_the_same_gets_the_same_answer()
    {
        await using var warder = await RunningWarder.StartAsync();
        await warder.Post("/authorization/permissions", new { slug = "posts:read", name = "p" });
        var made = await Issue(warder, "n", "posts:read");
        var escaped = string.Concat(made.Value.Select(c => $"\\u{(int)c:x4}"));
        string[] bodies =
        [
            $"{{\"value\":\"{made.Value}\",\"permissions\":[\"posts:read\"]}}",
            $" {{ \"permissions\" : [ \"posts:read\" ] , \"value\" : \"{made.Value}\" }} ",
            $"{{\"value\":\"{escaped}\",\"permissions\":[\"posts\\u003aread\"]}}",
            $"{{\"\\u0076alue\":\"{made.Value}\",\"permissions\":[\"posts:read\",\"posts:read\"]}}",
            $"{{\"value\":\"{made.Value}\",\"permissions\":[]}}",
            $"{{\"value\":\"{made.Value}\"}}",
        ];
        foreach (var body in bodies)
        {
            Assert.Equal("allowed", Parse((await warder.Post("/api_keys/validations", body)).Is(200)).Decision.Code);
            var batch = (await warder.Post("/api_keys/validations/batch", $"{{\"validations\":[{body},{body}]}}")).Is(200);
            Assert.All(
                JsonSerializer.Deserialize(batch.Text, WarderJson.Wire.ValidationBatch)!.Results,
                result => Assert.True(result.Decision.Allow));
        }
    }

    private static async Task<Reply> Issue(RunningWarder warder, string name, params string[] permissions)
    {
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        return (await warder.Post($"/organizations/{organization}/api_keys", new { name, permissions })).Is(201);
    }

    private static Validation Parse(Reply reply) => JsonSerializer.Deserialize(reply.Text, WarderJson.Wire.Validation)!;

    private static void Same(Reply reply, string? name, string? id)
    {
        var parsed = Parse(reply.Is(200));
        Assert.Equal(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(parsed, WarderJson.Wire.Validation)), reply.Text);
        Assert.Equal(name, parsed.ApiKey?.Name);
        Assert.Equal(id, parsed.ApiKey?.Id);
        Assert.Equal(parsed.Decision.Allow, parsed.ApiKey is not null);
    }
}
