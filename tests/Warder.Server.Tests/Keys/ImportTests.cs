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
}
