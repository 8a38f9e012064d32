using Warder.Client.Replicas;
using Warder.Contracts.Keys;
using Warder.Testing;

namespace Warder.Client.Tests.Testing;

public sealed class TestWarderTests
{
    private readonly TestWarder warder = new();

    [Fact]
    public async Task A_test_key_is_decided_as_its_owner_permissions_and_state_have_it()
    {
        var key = warder.IssueKey(new TestKeyRequest { Organization = "acme", User = "ada", Permissions = ["posts:read"], ExpiresAt = warder.Now.AddHours(1) });
        var decision = await warder.ValidateAsync(key.Value, RequiredPermissions.Of("posts:read"));
        Assert.True(decision.IsAllowed);
        Assert.Equal((DecisionCode.Allowed, key.Id, key.Owner), (decision.Code, decision.KeyId, decision.Owner));
        Assert.Equal(["posts:read"], decision.Permissions);
        Assert.IsType<MemberOwner>(decision.Owner);
        Assert.Equal(DecisionCode.InsufficientPermissions, await CodeOf(key, "posts:write"));
        key.SetPermissions("posts:write");
        Assert.Equal(DecisionCode.Allowed, await CodeOf(key, "posts:write"));

        key.DeactivateOwner();
        Assert.Equal(DecisionCode.OwnerInactive, await CodeOf(key));
        key.ReactivateOwner();
        key.Suspend();
        Assert.Equal(DecisionCode.Suspended, await CodeOf(key));
        key.Resume();
        warder.IsAvailable = false;
        Assert.Equal((DecisionCode.Unavailable, VerifierState.Disconnected), (await CodeOf(key), warder.Health.State));
        warder.IsAvailable = true;
        Assert.Equal(DecisionCode.Allowed, await CodeOf(key));
        warder.Advance(TimeSpan.FromHours(1));
        Assert.Equal(DecisionCode.Expired, await CodeOf(key));
        key.Revoke();
        Assert.Equal(DecisionCode.Revoked, await CodeOf(key));
    }

    [Fact]
    public async Task An_owners_end_ends_all_its_keys_and_no_others()
    {
        var (first, second, other) = (warder.IssueKey(), warder.IssueKey(), warder.IssueKey(new TestKeyRequest { Organization = "other" }));
        first.DeleteOwner();
        Assert.Equal([DecisionCode.Revoked, DecisionCode.Revoked, DecisionCode.Allowed], [await CodeOf(first), await CodeOf(second), await CodeOf(other)]);
    }

    [Fact]
    public async Task What_was_never_issued_is_denied_as_the_server_denies_it()
    {
        var strange = new TestWarder();
        strange.IssueKey();
        Assert.Equal(DecisionCode.NotFound, (await warder.ValidateAsync(strange.IssueKey().Value)).Code);
        Assert.Equal(DecisionCode.Malformed, (await warder.ValidateAsync("nonsense")).Code);
        Assert.Equal(DecisionCode.Malformed, (await warder.ValidateAsync("é")).Code);
    }

    [Fact]
    public void Each_run_issues_the_same_keys()
        => Assert.Equal((warder.IssueKey().Id, warder.IssueKey().Value), (new TestWarder().IssueKey().Id, Second(new TestWarder()).Value));

    [Fact]
    public void The_default_decision_is_a_denial_that_knows_nothing()
    {
        var decision = default(KeyDecision);
        Assert.False(decision.IsAllowed);
        Assert.Equal((DecisionCode.Unavailable, null, null, null, null), (decision.Code, decision.KeyId, decision.Owner, decision.OrganizationId, decision.Key));
        Assert.Empty(decision.Permissions);
    }

    private static TestKey Second(TestWarder warder)
    {
        warder.IssueKey();
        return warder.IssueKey();
    }

    private async Task<string> CodeOf(TestKey key, params string[] permissions) => (await warder.ValidateAsync(key.Value, RequiredPermissions.Of(permissions))).Code;
}
