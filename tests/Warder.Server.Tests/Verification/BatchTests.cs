using System.Text.Json;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Verification;

public sealed class BatchTests
{
    [Fact]
    public async Task A_batch_answers_each_question_in_its_place_as_it_would_be_answered_alone()
    {
        await using var warder = await RunningWarder.StartAsync();
        var inhabitants = await Fixture.MakeAsync(warder, warder.Key, "a");
        var revoked = (await warder.Post($"/organizations/{inhabitants.Organization}/api_keys", new { name = "r" })).Is(201);
        await warder.Post($"/api_keys/{revoked.Id}/revoke");
        var other = await Fixture.MakeAsync(warder, await warder.AddEnvironment("other"), "b");
        var unknown = "wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
        string[] values = [
            "", "x", revoked.Value, inhabitants.KeyValue, unknown, other.KeyValue, warder.Key, new('é', 512), inhabitants.KeyValue + " "];
        var questions = Enumerable.Range(0, 100).Select(i => new
        {
            value = values[i * 7 % values.Length],
            permissions = i % 3 == 0 ? [inhabitants.Permission] : i % 3 == 1 ? [] : new[] { "p:other" },
        }).ToList();

        var batch = (await warder.Post("/api_keys/validations/batch", new { validations = questions })).Is(200);
        var results = batch.Json.GetProperty("results").EnumerateArray().Select(result => Without(result.GetRawText())).ToList();

        Assert.Equal(100, results.Count);
        for (var i = 0; i < results.Count; i++)
            Assert.Equal(Without((await warder.Validate(questions[i].value, questions[i].permissions)).Text), results[i]);
    }

    [Theory]
    [InlineData("{}", "validations: required")]
    [InlineData("{\"validations\":null}", "validations: invalid_type")]
    [InlineData("{\"validations\":[]}", "validations: too_short")]
    [InlineData("{\"validations\":{}}", "validations: invalid_type")]
    [InlineData("{\"validations\":[1]}", "validations[0]: invalid_type")]
    [InlineData("{\"validations\":[{\"value\":\"a\",\"permission\":[]}]}", "validations[0].permission: unknown_field")]
    [InlineData("{\"validations\":[{\"value\":\"a\",\"permissions\":[\"\"]}]}", "validations[0].permissions[0]: required")]
    [InlineData("{\"validations\":[{\"value\":\"a\",\"at_least\":-1}]}", "validations[0].at_least: out_of_range")]
    [InlineData("{\"validations\":[{\"value\":\"a\"}],\"at_least\":1}", "at_least: unknown_field")]
    [InlineData("{\"validations\":[{\"value\":\"a\"}],\"more\":1}", "more: unknown_field")]
    public async Task A_batch_that_cannot_be_decided_says_where(string body, string fault)
    {
        await using var warder = await RunningWarder.StartAsync();
        Assert.Contains(fault, (await warder.Post("/api_keys/validations/batch", body)).Is(422).Faults);
    }

    [Theory]
    [InlineData("{\"value\":null}", 422, "value: required")]
    [InlineData("{}", 422, "value: required")]
    [InlineData("[]", 422, "body: invalid_type")]
    [InlineData("{\"value\":[\"a\"]}", 422, "value: invalid_type")]
    [InlineData("{\"value\":\"a\",\"permissions\":\"b\"}", 422, "permissions: invalid_type")]
    [InlineData("{\"value\":\"a\",\"permissions\":null}", 422, "permissions: invalid_type")]
    [InlineData("{\"value\":\"a\",\"Value\":\"a\"}", 422, "Value: unknown_field")]
    [InlineData("{\"value\":\"a\",\"at_least\":-1}", 422, "at_least: out_of_range")]
    [InlineData("{\"value\":\"a\",\"at_least\":1.5}", 422, "at_least: out_of_range")]
    [InlineData("{\"value\":\"a\",\"at_least\":9223372036854775808}", 422, "at_least: out_of_range")]
    [InlineData("{\"value\":\"a\",\"at_least\":\"1\"}", 422, "at_least: invalid_type")]
    [InlineData("{\"value\":\"a\",\"at_least\":null}", 422, "at_least: invalid_type")]
    [InlineData("{\"value\":\"a\",\"at_least\":1,\"at_least\":1}", 400, null)]
    [InlineData("{\"value\":\"a\",\"value\":\"a\"}", 400, null)]
    [InlineData("{\"value\":\"a\\u0000\"}", 400, null)]
    [InlineData("{\"value\":\"\\ud800\"}", 400, null)]
    [InlineData("{\"value\":\"a\"", 400, null)]
    [InlineData("{\"value\":\"a\"}{}", 400, null)]
    [InlineData("{\"value\":\"a\",}", 400, null)]
    [InlineData("", 400, null)]
    public async Task A_question_that_cannot_be_decided_is_refused(string body, int status, string? fault)
    {
        await using var warder = await RunningWarder.StartAsync();
        var reply = (await warder.Post("/api_keys/validations", body)).Is(status);
        if (fault is not null)
            Assert.Contains(fault, reply.Faults);
    }

    [Fact]
    public async Task A_value_in_a_batch_that_no_token_can_be_is_malformed_and_refuses_no_other()
    {
        await using var warder = await RunningWarder.StartAsync();
        var good = (await Fixture.MakeAsync(warder, warder.Key, "a")).KeyValue;
        string[] items =
        [
            "{}", "{\"value\":null}", "{\"value\":5}", "{\"value\":[\"a\"]}", "{\"value\":\"\"}", "{\"value\":\"a\\u0000\"}",
            "{\"value\":\"\\ud800\"}", $"{{\"value\":\"{new string('a', 513)}\"}}", $"{{\"value\":\"{new string('é', 513)}\"}}",
            $"{{\"value\":\"{new string('a', 500_000)}\",\"permissions\":[\"p\"]}}",
        ];
        foreach (var item in items)
        {
            var body = $"{{\"validations\":[{{\"value\":\"{good}\"}},{item},{{\"value\":\"{good}\"}}]}}";
            var results = (await warder.Post("/api_keys/validations/batch", body)).Is(200).Json.GetProperty("results").EnumerateArray();
            Assert.Equal(
                ["allowed", "malformed", "allowed"],
                results.Select(static result => result.GetProperty("decision").GetProperty("code").GetString()));
        }

        foreach (var member in (string[])["\"permissions\":[\"\\ud800\"]", "\"\\ud800\":1"])
            (await warder.Post("/api_keys/validations/batch", $"{{\"validations\":[{{\"value\":\"a\",{member}}}]}}")).Is(400);
    }

    [Fact]
    public async Task Values_and_batches_and_permissions_have_exactly_their_limits()
    {
        await using var warder = await RunningWarder.StartAsync();
        Assert.Equal("malformed", await warder.Decide(new string('a', 512)));
        Assert.Equal("malformed", await warder.Decide(new string('é', 512)));
        Assert.Contains(
            "value: too_long", (await warder.Post("/api_keys/validations", new { value = new string('a', 513) })).Is(422).Faults);
        Assert.Contains(
            "value: too_long", (await warder.Post("/api_keys/validations", new { value = new string('é', 513) })).Is(422).Faults);
        var many = Enumerable.Range(0, 101).Select(_ => new { value = "a" }).ToList();
        (await warder.Post("/api_keys/validations/batch", new { validations = many.Take(100) })).Is(200);
        Assert.Contains(
            "validations: too_many", (await warder.Post("/api_keys/validations/batch", new { validations = many })).Is(422).Faults);
        var slugs = Enumerable.Range(0, 65).Select(i => "p" + i).ToList();
        (await warder.Post("/api_keys/validations", new { value = "a", permissions = slugs.Take(64) })).Is(200);
        Assert.Contains(
            "permissions: too_many", (await warder.Post("/api_keys/validations", new { value = "a", permissions = slugs })).Is(422).Faults);
    }

    [Fact]
    public async Task An_allow_is_never_replayed()
    {
        await using var warder = await RunningWarder.StartAsync();
        var inhabitants = await Fixture.MakeAsync(warder, warder.Key, "a");
        async Task<bool> IsAllowed(string path, object body)
        {
            var reply = await warder.Send("POST", path, body, null, ("Idempotency-Key", "same"));
            return reply.Is(200).Text.Contains("\"allow\":true", StringComparison.Ordinal);
        }

        var question = new { value = inhabitants.KeyValue };
        Assert.True(await IsAllowed("/api_keys/validations", question));
        Assert.True(await IsAllowed("/api_keys/validations/batch", new { validations = new[] { question } }));
        await warder.Post($"/api_keys/{inhabitants.Key}/revoke");
        Assert.False(await IsAllowed("/api_keys/validations", question));
        Assert.False(await IsAllowed("/api_keys/validations/batch", new { validations = new[] { question } }));
    }

    // The comparison leaves out the fields that an earlier use has changed.
    private static string Without(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\"last_used_at\":[^,]*", "");
}
