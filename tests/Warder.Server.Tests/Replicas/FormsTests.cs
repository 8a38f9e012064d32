using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Warder.Contracts.Keys;
using Warder.Core.Secrets;
using Warder.Engine.Streams;
using Warder.Engine.Telemetry;
using Warder.Server.Telemetry;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

/// <summary>What a replica decides by what it knows of tokens' forms, and what it says of all that it has decided.</summary>
public sealed class FormsTests() : FollowedServer("keys:validate")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_cannot_be_a_key_is_refused_without_asking_anybody()
    {
        await Warder.AddEnvironment("other");
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var last = Own.KeyValue[^1] == '0' ? '1' : '0';
        foreach (var value in new[] { "", "x", Own.KeyValue[..^1] + last, Own.KeyValue + "0", Warder.Key, "other_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", new('é', 40), new('a', 600) })
        {
            var code = value.Length > 512 ? "malformed" : await Warder.Decide(value);
            for (var i = 0; i < 100; i++)
                Assert.Equal(code, (await verifier.ValidateAsync(new SecretString(value))).Code);
        }

        Assert.Equal((0, 0), (verifier.Questions, Warder.Node.Counts.Questions));
        Assert.Equal(DecisionCode.NotFound, (await verifier.ValidateAsync(new SecretString("wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"))).Code);
        Assert.Equal((1, 1), (verifier.Questions, Warder.Node.Counts.Questions));
    }

    [Fact]
    public async Task Values_of_a_scheme_are_malformed_from_the_moment_that_its_removal_returns()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        for (var round = 0; round < 4; round++)
        {
            var scheme = (await Warder.Post("/import_schemes", new { prefix = $"gone{round}_", length = 32, alphabet = "hex" })).Is(201).Id;
            var value = new SecretString($"gone{round}_{new string('a', 32)}");
            Assert.Equal(DecisionCode.NotFound, (await verifier.ValidateAsync(value)).Code);
            (await Warder.Delete("/import_schemes/" + scheme)).Is(204);
            Assert.Equal(DecisionCode.Malformed, (await verifier.ValidateAsync(value)).Code);
        }
    }

    [Fact]
    public async Task A_key_of_a_new_scheme_works_from_the_moment_that_its_import_returns()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        for (var round = 0; round < 4; round++)
        {
            var value = $"imp{(char)('a' + round)}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
            Assert.Equal(DecisionCode.Malformed, (await verifier.ValidateAsync(new SecretString(value))).Code);
            (await Warder.Post("/api_keys/imports", new
            {
                scheme = new { prefix = value[..5], length = 32, alphabet = "hex" },
                api_keys = new[]
                {
                    new
                    {
                        value_sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(value))), last_four = value[^4..], name = "i",
                        owner = new { type = "organization", id = Own.Organization },
                    },
                },
            })).Is(201);
            Assert.Equal(DecisionCode.Allowed, (await verifier.ValidateAsync(new SecretString(value))).Code);
            // What tokens look like is told again with the next lease.
            await Eventually.Holds(
                async () => (await verifier.ValidateAsync(new SecretString("x"))).Code == DecisionCode.Malformed && verifier.TryValidate("x", Client.Replicas.RequiredPermissions.None, out _),
                Soon, "Nobody told it anew.");
        }
    }

    [Fact]
    public async Task How_often_it_has_decided_and_what_comes_to_the_server()
    {
        await using (var verifier = await Replica.ReadyAsync(Warder.Address, Key))
        {
            for (var i = 0; i < 1_237; i++)
                Assert.True((await verifier.ValidateAsync(new SecretString(Own.KeyValue))).IsAllowed);
            for (var i = 0; i < 11; i++)
                Assert.Equal(DecisionCode.InsufficientPermissions, (await verifier.ValidateAsync(new SecretString(Own.KeyValue), Client.Replicas.RequiredPermissions.Of("other"))).Code);
        }

        await Warder.Decide("x");
        var seen = new Dictionary<string, long>();
        await Eventually.Holds(
            () =>
            {
                seen = Observe(Warder.Node.Counts);
                return Task.FromResult(seen["allowed replica"] == 1_237);
            },
            Soon, "Nobody told the server.");
        Assert.Equal((11, 0, 1), (seen["insufficient_permissions replica"], seen["unavailable replica"], seen["malformed node"]));
    }

    // As an exporter reads them.
    private static Dictionary<string, long> Observe(ValidationCounts counts)
    {
        var seen = new Dictionary<string, long>();
        var memory = new Core.Verification.KeyCache(Entropy.System, 1);
        using var listener = new MeterListener();
        using var meter = new WarderMeter(memory, counts, new Storage.Secrets.RowMacs(), new StreamQuota());
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == "warder.validations" && meter.Owns(instrument))
                all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => seen.Add($"{tags[0].Value} {tags[1].Value}", count));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
