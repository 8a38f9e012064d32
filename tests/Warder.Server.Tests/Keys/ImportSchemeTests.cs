using System.Security.Cryptography;
using System.Text;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Keys;

/// <summary>Import schemes can be listed and removed, and never cover Warder's own token format.</summary>
public sealed class ImportSchemeTests
{
    [Fact]
    public async Task One_that_no_key_uses_makes_room_for_another_and_its_values_are_malformed_from_then_on()
    {
        await using var warder = await RunningWarder.StartAsync();
        for (var i = 0; i < 32; i++)
            (await warder.Post("/import_schemes", new { prefix = $"s{i}_", length = 32, alphabet = "base62" })).Is(201);
        Assert.Equal(["prefix: too_many"], (await warder.Post("/import_schemes", Scheme)).Is(422).Faults);
        Assert.Equal(32, (await warder.Get("/import_schemes")).Is(200).Data.Count);
        var value = "s7_" + new string('a', 32);
        Assert.Equal("not_found", await warder.Decide(value));

        var removed = await warder.Delete("/import_schemes/base62:32:s7_");
        removed.Is(204);
        Assert.NotEmpty(removed.Headers.GetValues("Warder-Receipt"));
        Assert.Equal("malformed", await warder.Decide(value));
        (await warder.Get("/import_schemes/base62:32:s7_")).Is(404);
        (await warder.Delete("/import_schemes/base62:32:s7_")).Is(404);
        (await warder.Post("/import_schemes", Scheme)).Is(201);
        Assert.Equal("import_scheme_already_exists", (await warder.Post("/import_schemes", Scheme)).Is(409).Code);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/revoke")]
    [InlineData("/suspend")]
    [InlineData("/expire")]
    [InlineData("/rotate")]
    public async Task One_stays_until_every_key_that_was_imported_under_it_is_deleted(string meanwhile)
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var value = "old_" + new string('b', 40);
        var id = (await Import(warder, organization, value)).Is(201).Ids[0];
        const string Path = "/import_schemes/base62:40:old_";
        Assert.True((await warder.Get(Path)).Is(200).Json.GetProperty("in_use").GetBoolean());
        if (meanwhile.Length > 0)
            (await warder.Post($"/api_keys/{id}{meanwhile}")).Is(200);

        Assert.Equal("import_scheme_in_use", (await warder.Delete(Path)).Is(409).Code);
        Assert.NotEqual("malformed", await warder.Decide(value));
        (await warder.Delete("/api_keys/" + id)).Is(204);
        Assert.False((await warder.Get(Path)).Is(200).Json.GetProperty("in_use").GetBoolean());
        (await warder.Delete(Path)).Is(204);
        Assert.Equal("malformed", await warder.Decide(value));

        // An import restores it.
        (await Import(warder, organization, "old_" + new string('c', 40))).Is(201);
        Assert.Equal("allowed", await warder.Decide("old_" + new string('c', 40)));
    }

    [Fact]
    public async Task One_that_Warders_own_tokens_would_fit_is_refused_and_so_is_a_prefix_that_fits_one()
    {
        await using var warder = await RunningWarder.StartAsync();
        await warder.AddEnvironment("abc");
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        foreach (var (prefix, length, alphabet) in ((string, int, string)[])
            [("wdr_live_", 36, "base62"), ("wdr_live_0", 35, "base62"), ("wdr_", 41, "base64url"), ("wdrm_", 36, "base62"),
                ("abc_", 36, "hex"), ("a", 39, "base64url")])
        {
            Assert.Equal(
                ["prefix: overlaps_prefix"], (await warder.Post("/import_schemes", new { prefix, length, alphabet })).Is(422).Faults);
            var import = Body(organization, "x", new { prefix, length, alphabet });
            Assert.Equal(["scheme: overlaps_prefix"], (await warder.Post("/api_keys/imports", import)).Is(422).Faults);
        }

        foreach (var (prefix, length, alphabet) in ((string, int, string)[])
            [("wdr_live_", 40, "base62"), ("wdr_live-", 36, "base62"), ("wdr_", 41, "base62"), ("ghp_", 36, "base62"),
                ("abd_", 36, "base62")])
            (await warder.Post("/import_schemes", new { prefix, length, alphabet })).Is(201);

        foreach (var taken in (string[])["ghp", "abd"])
            Assert.Equal(
                "key_prefix_overlaps_scheme", (await warder.Post("/environments", new { name = "e", key_prefix = taken })).Is(409).Code);
        (await warder.Post("/environments", new { name = "e", key_prefix = "ghq" })).Is(201);
        (await warder.Delete("/import_schemes/base62:36:ghp_")).Is(204);
        (await warder.Post("/environments", new { name = "e", key_prefix = "ghp" })).Is(201);
    }

    private static readonly object Scheme = new { prefix = "more_", length = 32, alphabet = "base62" };

    private static Task<Reply> Import(RunningWarder warder, string organization, string value)
        => warder.Post("/api_keys/imports", Body(organization, value, new { prefix = "old_", length = 40, alphabet = "base62" }));

    private static object Body(string organization, string value, object scheme) => new
    {
        scheme,
        api_keys = new[]
        {
            new
            {
                value_sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value))), last_four = "bbbb", name = "n",
                owner = new { type = "organization", id = organization },
            },
        },
    };
}
