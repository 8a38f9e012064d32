using Warder.Client;
using Warder.Client.Replicas;
using Warder.Contracts.Keys;
using Warder.Core.Secrets;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

/// <summary>What an application has of a verifier.</summary>
public sealed class VerifierTests() : FollowedServer("keys:validate", "replicas:preload")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Usage = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task A_hit_asks_nobody_and_allocates_nothing()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var value = new SecretString(Own.KeyValue);
        var required = RequiredPermissions.Of("p:a");
        Assert.True((await verifier.ValidateAsync(value, required)).IsAllowed);
        Assert.Equal(0, await AllocatedByHits(verifier, () =>
        {
            var answered = true;
            for (var i = 0; i < 10_000; i++)
                answered &= IsAnswered(verifier.ValidateAsync(value, required)) && verifier.TryValidate(Own.KeyValue, required, out var decision) && decision.IsAllowed;
            return answered;
        }));
    }

    // Only hits are measured. A process that gets no processor for the length of its lease asks its node, which is right and allocates:
    // a window in which that happened measures something else, and the next one is taken once the lease is held again.
    private static async Task<long> AllocatedByHits(WarderVerifier verifier, Func<bool> hits)
    {
        for (var window = 0; window < 5; window++)
        {
            await Eventually.Holds(() => Task.FromResult(verifier.Health.State == VerifierState.Ready), Soon, "It holds no lease.");
            // Compiles, and makes what this thread counts by. After the wait, which may go on in another thread: a thread's first
            // validation allocates that, once.
            hits();
            var asked = verifier.Questions;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var answered = hits();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (answered && verifier.Questions == asked)
                return allocated;
        }

        throw new Xunit.Sdk.XunitException("Hits asked the node, or were not answered from memory, in each of five windows.");
    }

    private static bool IsAnswered(ValueTask<KeyDecision> answer) => answer.IsCompletedSuccessfully;

    private static bool IsAnswered(ValueTask answer) => answer.IsCompletedSuccessfully;

    [Fact]
    public async Task Many_at_once_are_decided_as_each_alone_and_hits_ask_nobody_and_allocate_nothing()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var revoked = (await Warder.Post($"/organizations/{Own.Organization}/api_keys", new { name = "k" })).Is(201);
        (await Warder.Post($"/api_keys/{revoked.Id}/revoke")).Is(200);
        string[] values = [Own.KeyValue, revoked.Value, "x", new('é', 40), new('a', 600), Warder.Key, "wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", ""];
        RequiredPermissions?[] demands = [null, RequiredPermissions.Of("p:a"), RequiredPermissions.Of("other")];
        var presented = Enumerable.Range(0, 700).Select(i => new PresentedToken(new SecretString(values[i % values.Length]), demands[i % demands.Length])).ToArray();
        var decisions = new KeyDecision[presented.Length + 1];
        await verifier.ValidateManyAsync(presented, decisions, cancellationToken: TestContext.Current.CancellationToken);
        for (var i = 0; i < 3 * values.Length; i++)
            Assert.Equal((await verifier.ValidateAsync(presented[i].Value, presented[i].Permissions)).Code, decisions[i].Code);
        for (var i = 3 * values.Length; i < presented.Length; i++)
            Assert.Equal(decisions[i % (3 * values.Length)].Code, decisions[i].Code);

        var known = presented.Where(each => each.Value.Reveal() == Own.KeyValue).ToArray();
        Assert.Equal(0, await AllocatedByHits(verifier, () =>
        {
            var answered = true;
            for (var round = 0; round < 500; round++)
                answered &= verifier.TryValidateMany(known, decisions) && IsAnswered(verifier.ValidateManyAsync(known, decisions));
            return answered;
        }));
        (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200);
        await verifier.ValidateManyAsync(known, decisions, cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(decisions.Take(known.Length), static decision => Assert.Equal(DecisionCode.Revoked, decision.Code));
        Assert.Throws<ArgumentException>(() => verifier.TryValidateMany(known, decisions.AsSpan(0, known.Length - 1)));
    }

    [Fact]
    public async Task Permissions_are_demanded_and_shrink_with_the_role_of_the_owner()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        (await Warder.Put($"/user_management/organization_memberships/{Own.Membership}", new { role_slug = Own.Role })).Is(200);
        var made = (await Warder.Post(
            $"/user_management/users/{Own.User}/api_keys", new { name = "k", organization_id = Own.Organization, permissions = new[] { Own.Permission } })).Is(201);
        var value = new SecretString(made.Value);
        var required = RequiredPermissions.Of(Own.Permission);
        Assert.True((await verifier.ValidateAsync(value, required)).IsAllowed);
        Assert.Equal(DecisionCode.InsufficientPermissions, (await verifier.ValidateAsync(value, RequiredPermissions.Of("other"))).Code);
        (await Warder.Put($"/authorization/roles/{Own.Role}/permissions", new { permissions = Array.Empty<string>() })).Is(200);
        Assert.Equal(DecisionCode.InsufficientPermissions, (await verifier.ValidateAsync(value, required)).Code);
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
    }

    [Fact]
    public async Task Whatever_ends_or_revives_a_key_is_in_force_when_its_call_returns()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var membership = "/user_management/organization_memberships/" + Own.Membership;
        var made = (await Warder.Post($"/user_management/users/{Own.User}/api_keys", new { name = "k", organization_id = Own.Organization })).Is(201);
        (Func<Task<Reply>> Change, string After)[] story =
        [
            (() => Warder.Post($"/api_keys/{made.Id}/suspend"), DecisionCode.Suspended),
            (() => Warder.Post($"/api_keys/{made.Id}/resume"), DecisionCode.Allowed),
            (() => Warder.Put(membership + "/deactivate"), DecisionCode.OwnerInactive),
            (() => Warder.Put(membership + "/reactivate"), DecisionCode.Allowed),
            (() => Warder.Post($"/api_keys/{made.Id}/rotate", new { overlap_seconds = 0 }), DecisionCode.Expired),
        ];
        var value = new SecretString(made.Value);
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
        foreach (var (change, after) in story)
        {
            (await change()).Is(200);
            Assert.Equal(after, (await verifier.ValidateAsync(value)).Code);
        }

        var second = new SecretString((await Warder.Post($"/user_management/users/{Own.User}/api_keys", new { name = "k", organization_id = Own.Organization })).Is(201).Value);
        Assert.True((await verifier.ValidateAsync(second)).IsAllowed);
        (await Warder.Delete("/organizations/" + Own.Organization)).Is(204);
        Assert.Equal(DecisionCode.Revoked, (await verifier.ValidateAsync(second)).Code);
    }

    [Fact]
    public async Task A_key_works_from_the_moment_it_is_issued_though_it_was_asked_about_before()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        for (var round = 0; round < 20; round++)
        {
            var made = (await Warder.Post($"/organizations/{Own.Organization}/api_keys", new { name = "k" })).Is(201);
            Assert.True((await verifier.ValidateAsync(new SecretString(made.Value))).IsAllowed);
        }
    }

    [Fact]
    public async Task It_holds_no_more_than_its_capacity()
    {
        await using var verifier = await Replica.ReadyAsync(Options(static options => options.Capacity = 5));
        var values = new List<SecretString>();
        for (var i = 0; i < 20; i++)
            values.Add(new SecretString((await Warder.Post($"/organizations/{Own.Organization}/api_keys", new { name = "k" })).Is(201).Value));
        for (var round = 0; round < 2; round++)
        {
            foreach (var value in values)
                Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
        }

        Assert.InRange(verifier.Health.Entries, 1, 5);
    }

    [Fact]
    public async Task What_is_preloaded_asks_nobody_and_is_followed_like_the_rest()
    {
        var ended = (await Warder.Post($"/organizations/{Own.Organization}/api_keys", new { name = "k" })).Is(201);
        (await Warder.Post($"/api_keys/{ended.Id}/revoke")).Is(200);
        await using var verifier = await Replica.ReadyAsync(Options(static options => options.Preload = true));
        Assert.Equal(2, verifier.Health.Entries);
        Assert.True(verifier.TryValidate(Own.KeyValue, RequiredPermissions.Of("p:a"), out var decision) && decision.IsAllowed);
        Assert.True(verifier.TryValidate(Own.KeyValue, RequiredPermissions.Of("p:a"), out decision) && decision.IsAllowed);
        Assert.Equal((0, 2), (verifier.Questions, verifier.Health.Entries));
        Assert.False(verifier.TryValidate(ended.Value, RequiredPermissions.None, out decision));
        Assert.Equal(DecisionCode.Unavailable, decision.Code);

        (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200);
        (await Warder.Post($"/api_keys/{Own.UserKey}/revoke")).Is(200);
        Assert.Equal(DecisionCode.Revoked, (await verifier.ValidateAsync(new SecretString(Own.KeyValue))).Code);
        Assert.Equal(1, verifier.Questions);
    }

    [Fact]
    public async Task Without_the_right_nothing_is_preloaded_and_that_is_said()
    {
        var narrow = await Warder.Grant(null, "keys:validate");
        await using var verifier = new WarderVerifier(Options(options => (options.ManagementKey, options.Preload) = (narrow, true)));
        var refused = await Assert.ThrowsAsync<WarderException>(() => verifier.WaitUntilReadyAsync(TestContext.Current.CancellationToken).WaitAsync(Soon));
        Assert.Equal("insufficient_rights", refused.Code);
        Assert.True((await verifier.ValidateAsync(new SecretString(Own.KeyValue))).IsAllowed);
    }

    [Fact]
    public async Task The_last_use_comes_to_the_server()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var from = DateTimeOffset.UtcNow;
        // What the node is asked about it has not used itself.
        Assert.True((await verifier.ValidateAsync(new SecretString(Own.KeyValue))).IsAllowed);
        await Eventually.Holds(async () => (await Warder.Get("/api_keys/" + Own.Key))["last_used_at"] is not null, Usage, "Nobody told the server.");
        Assert.InRange(DateTimeOffset.Parse((await Warder.Get("/api_keys/" + Own.Key))["last_used_at"]!), from.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task A_key_expires_by_the_nodes_time()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var made = (await Warder.Post($"/organizations/{Own.Organization}/api_keys", new { name = "k", expires_at = DateTimeOffset.UtcNow.AddSeconds(2) })).Is(201);
        Assert.True((await verifier.ValidateAsync(new SecretString(made.Value))).IsAllowed);
        await Eventually.Holds(
            async () => (await verifier.ValidateAsync(new SecretString(made.Value))).Code == DecisionCode.Expired, Soon, "It goes on.");
        // It may be early, by as long as a grant once took to come, and is never late.
        await Eventually.Holds(async () => await Warder.Decide(made.Value) == "expired", Soon, "It had not expired.");
    }

    [Fact]
    public async Task Once_disposed_of_it_says_that_it_cannot_know()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var value = new SecretString(Own.KeyValue);
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
        await verifier.DisposeAsync();
        Assert.Equal(DecisionCode.Unavailable, (await verifier.ValidateAsync(value)).Code);
        Assert.False(verifier.TryValidate(Own.KeyValue, RequiredPermissions.None, out var decision) || decision.IsAllowed);
    }

    private WarderVerifierOptions Options(Action<WarderVerifierOptions> change)
    {
        var options = new WarderVerifierOptions { Nodes = [new Uri(Warder.Address)], ManagementKey = Key };
        change(options);
        return options;
    }
}
