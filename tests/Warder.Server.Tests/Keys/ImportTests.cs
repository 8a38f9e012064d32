using System.Security.Cryptography;
using System.Text;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Keys;

public sealed class ImportTests
{
    [Theory]
    [InlineData("ab\"c")]
    [InlineData("abc\\")]
    public async Task The_last_four_characters_of_an_imported_key_cannot_break_the_answers_that_show_it(string lastFour)
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var value = "sk_" + new string('a', 40);
        var imported = await warder.Post("/api_keys/imports", new
        {
            scheme = new { prefix = "sk_", length = 40, alphabet = "base62" },
            api_keys = new[]
            {
                new
                {
                    value_sha256 = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value))), last_four = lastFour, name = "n",
                    owner = new { type = "organization", id = organization },
                },
            },
        });
        Assert.Equal(["api_keys[0].last_four: invalid_format"], imported.Is(422).Faults);

        // The fault would fail another caller's key in the same batch.
        var batch = await warder.Post("/api_keys/validations/batch", new { validations = new[] { new { value }, new { value = "x" } } });
        Assert.Equal(2, batch.Is(200).Json.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task An_import_takes_all_keys_or_none_and_names_every_bad_record()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        object Body(string bad) => new
        {
            scheme = new { prefix = "sk_", length = 40, alphabet = "base62" },
            api_keys = Enumerable.Range(0, 5).Select(i => new
            {
                value_sha256 = Convert.ToHexString(SHA256.HashData([(byte)i])), last_four = "abcd", name = "n",
                owner = new { type = "organization", id = i == 3 ? bad : organization },
                permissions = i == 1 && bad != organization ? ["none", "nor this"] : Array.Empty<string>(),
                expires_at = i is 2 or 4 && bad != organization ? "2020-01-01T00:00:00.000Z" : "2099-01-01T00:00:00.000Z",
            }),
        };
        foreach (var query in (string[])["", "?dry_run=true"])
        {
            var events = warder.Changes;
            Assert.Equal(
                [
                    "api_keys[1].permissions[0]: unknown_permission", "api_keys[1].permissions[1]: unknown_permission",
                    "api_keys[2].expires_at: must_be_future", "api_keys[3].owner.id: not_found", "api_keys[4].expires_at: must_be_future",
                ],
                (await warder.Post("/api_keys/imports" + query, Body("org_none"))).Is(422).Faults);
            Assert.Equal(events, warder.Changes);
        }

        var before = warder.Changes;
        Assert.Equal(5, (await warder.Post("/api_keys/imports?dry_run=true", Body(organization))).Is(200).Data.Count);
        Assert.Empty((await warder.Get("/api_keys")).Is(200).Data);
        Assert.Empty((await warder.Get("/import_schemes")).Is(200).Data);
        Assert.Equal(before, warder.Changes);
        (await warder.Post("/api_keys/imports", Body(organization))).Is(201);
        Assert.Equal(5, (await warder.Get("/api_keys")).Is(200).Data.Count);
        Assert.Equal(5, (await warder.Post("/api_keys/imports?dry_run=true", Body(organization))).Is(409).Faults.Count);
    }
}
