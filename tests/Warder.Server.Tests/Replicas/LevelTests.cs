using Warder.Client;
using Warder.Client.Replicas;
using Warder.Contracts.Keys;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Nodes;

namespace Warder.Server.Tests.Replicas;

/// <summary>Replicas of another feature level than their node, or than their environment requires.</summary>
public sealed class LevelTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_replica_below_the_level_has_its_node_decide_from_the_return_of_the_raise_on()
    {
        await using var warder = await Levels.StartAsync(folder, 2);
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        await using var verifier = await FollowAsync(warder, 1, ["keys:validate"]);
        var needed = RequiredPermissions.Of("p:a");
        Assert.True((await verifier.ValidateAsync(new SecretString(own.KeyValue), needed)).IsAllowed);
        Assert.True(verifier.TryValidate(own.KeyValue, needed, out _));

        Assert.Null(await Levels.Raise(warder, 2));
        for (var round = 0; round < 3; round++)
        {
            Assert.False(verifier.TryValidate(own.KeyValue, needed, out _));
            var decision = await verifier.ValidateAsync(new SecretString(own.KeyValue), needed);
            Assert.Equal(DecisionCode.Allowed, decision.Code);
            var shape = decision.ToValidation();
            Assert.Equal((own.Key, "p:a"), (shape.ApiKey!.Id, Assert.Single(shape.ApiKey.Permissions)));
        }

        Assert.Equal(DecisionCode.InsufficientPermissions, (await verifier.ValidateAsync(new SecretString(own.KeyValue), RequiredPermissions.Of("p:b"))).Code);
        Assert.Equal(DecisionCode.NotFound, (await verifier.ValidateAsync(new SecretString(TokenOf(own.KeyValue)))).Code);
        // As many as there can be, and no other caller is disturbed.
        var most = RequiredPermissions.Of(Enumerable.Range(0, 256).Select(static i => $"{i:000}{new string('a', 45)}"));
        Assert.Equal(DecisionCode.InsufficientPermissions, (await verifier.ValidateAsync(new SecretString(own.KeyValue), most)).Code);
        Assert.True((await verifier.ValidateAsync(new SecretString(own.KeyValue), needed)).IsAllowed);
        (await warder.Post($"/api_keys/{own.Key}/revoke")).Is(200);
        var revoked = await verifier.ValidateAsync(new SecretString(own.KeyValue), needed);
        Assert.Equal((DecisionCode.Revoked, own.Key), (revoked.Code, revoked.ToValidation().Decision.ApiKeyId));
        Assert.Equal(0, verifier.Health.Entries);
        // They are the replica's decisions, and it counts them.
        Assert.Equal(0, warder.Node.Counts.Own.Read().Sum());
    }

    [Fact]
    public async Task A_replica_that_has_the_level_answers_from_memory_all_through_the_raise()
    {
        await using var warder = await Levels.StartAsync(folder, 2);
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        await using var verifier = await FollowAsync(warder, 2, ["keys:validate"]);
        Assert.True((await verifier.ValidateAsync(new SecretString(own.KeyValue))).IsAllowed);
        Assert.Null(await Levels.Raise(warder, 2));
        Assert.True(verifier.TryValidate(own.KeyValue, RequiredPermissions.None, out var decision));
        Assert.True(decision.IsAllowed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_node_below_the_level_hands_on_no_key_to_a_replica_of_whatever_level(int level)
    {
        Fixture own;
        await using (var newer = await Levels.StartAsync(folder, 2))
        {
            own = await Fixture.MakeAsync(newer, newer.Key, "a");
            Assert.Null(await Levels.Raise(newer, 2));
        }

        await using var older = await Levels.StartAsync(folder, 1);
        await using var verifier = await FollowAsync(older, level, ["keys:validate", "replicas:preload"], preload: true);
        Assert.Equal(0, verifier.Health.Entries);
        Assert.Equal(DecisionCode.Unavailable, (await verifier.ValidateAsync(new SecretString(own.KeyValue))).Code);
        Assert.False(verifier.TryValidate(own.KeyValue, RequiredPermissions.None, out _));
    }

    [Fact]
    public async Task The_check_finds_a_replica_that_ignores_the_level()
    {
        await using var warder = await Levels.StartAsync(folder, 2);
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        Assert.Null(await Levels.Raise(warder, 2));
        await using var mutant = await FollowAsync(warder, int.MaxValue, ["keys:validate"]);
        Assert.True((await mutant.ValidateAsync(new SecretString(own.KeyValue))).IsAllowed);
        Assert.True(mutant.TryValidate(own.KeyValue, RequiredPermissions.None, out var decision));
        Assert.True(decision.IsAllowed);
    }

    private static async Task<WarderVerifier> FollowAsync(RunningWarder warder, int level, string[] rights, bool preload = false)
    {
        var options = new WarderVerifierOptions
        {
            Nodes = [new Uri(warder.Address)], ManagementKey = await warder.Grant(null, rights), Preload = preload,
        };
        var verifier = new WarderVerifier(options, Entropy.System, new Lease(), level);
        await verifier.WaitUntilReadyAsync().WaitAsync(Soon);
        return verifier;
    }

    // Well-formed, and no key's.
    private static string TokenOf(string value) => Core.Keys.TokenFormat.Issue(value[..value.LastIndexOf('_')], Entropy.System).Reveal();
}
