using System.Buffers.Text;
using System.Text.Json;
using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Server.Tests.Hosting;
using Warder.Storage.Receipts;

namespace Warder.Server.Tests.Receipts;

/// <summary>Signing keys are few: no caller fills the set of keys that verify receipts.</summary>
public sealed class SigningKeyTests
{
    private const long Day = 86_400_000;

    [Fact]
    public async Task Twenty_are_made_in_a_day_and_no_more()
    {
        await using var warder = await RunningWarder.StartAsync();
        // The first start creates the first key.
        for (var i = 1; i < 20; i++)
            (await warder.Post("/signing_keys")).Is(201);
        var head = warder.Head;
        for (var i = 0; i < 10; i++)
            Assert.Equal("too_many_signing_keys", (await warder.Post("/signing_keys")).Is(409).Code);
        Assert.Equal(head, warder.Head);
        Assert.Equal(20, (await warder.Get("/signing_keys")).Is(200).Data.Count);
        var keys = (await warder.Get("/.well-known/jwks.json")).Is(200).Json.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(20, keys.Count);
        foreach (var receipt in (await warder.Get("/receipts?limit=100")).Is(200).Data)
        {
            var kid = JsonDocument.Parse(Base64Url.DecodeFromChars(receipt.GetProperty("jws").GetString()!.Split('.')[0]))
                .RootElement.GetProperty("kid").GetString();
            Assert.Contains(keys, key => key.GetProperty("kid").GetString() == kid);
        }
    }

    [Fact]
    public async Task Those_of_another_day_do_not_count()
    {
        await using var warder = await RunningWarder.StartAsync();
        var before = new Instant(warder.Node.Clock.Now().UnixMilliseconds - (2 * Day));
        await warder.Node.Journal.Submit<bool>(context =>
        {
            for (var i = 0; i < 30; i++)
            {
                var row = new SigningKeyRow(SigningKey.Create().Public, before, [0]);
                Assert.True(SigningKeyTable.Add(context.Session, row, SigningKeyTable.Last(context.Session)));
            }

            return true;
        });
        (await warder.Post("/signing_keys")).Is(201);
    }
}
