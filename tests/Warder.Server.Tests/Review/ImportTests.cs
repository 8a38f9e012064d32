using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Warder.Server.Tests.Review;

public sealed class ImportTests
{
    [Theory]
    [InlineData("ab\"c")]
    [InlineData("abc\\")]
    public async Task The_last_four_characters_of_an_imported_key_cannot_break_the_answers_that_show_it(string lastFour)
    {
        await using var server = await Server.StartAsync();
        var organization = await server.Organization();
        var value = "sk_" + new string('a', 40);
        var (status, _) = await server.Send("POST", "/api_keys/imports", new
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
        // Another caller's key in the same batch suffers with it.
        var (_, text) = await server.Send("POST", "/api_keys/validations/batch", new { validations = new[] { new { value }, new { value = "x" } } });
        var results = JsonDocument.Parse(text).RootElement.GetProperty("results");
        if (status == 201)
            Assert.EndsWith(lastFour, results[0].GetProperty("api_key").GetProperty("obfuscated_value").GetString());
    }
}
