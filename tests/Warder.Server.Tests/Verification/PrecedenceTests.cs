using Warder.Core.Verification.Deltas;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Verification;

/// <summary>Every combination of faults of a key, against the contract's order of precedence.</summary>
public sealed class PrecedenceTests
{
    private enum KeyFate { Live, ExpiredNow, Revoked, Deleted }

    private enum Expiry { None, Ahead, Past }

    private enum Secret { Newest, Overlapping, Past, Ended }

    private enum Owner { Organization, ActiveMember, InactiveMember, EndedMember, EndedUser }

    private enum Required { Nothing, Held, HeldAndUnregistered, OutsideTheRole, NotForThisOwner }

    private sealed record State(KeyFate Fate, Expiry Expiry, Secret Secret, bool Suspended, Owner Owner, bool OrganizationEnded);

    // The contract's sentence about precedence, without any of the code.
    private static string Expected(State state, Required required)
    {
        if (state.Fate is KeyFate.Revoked or KeyFate.Deleted
            || state.OrganizationEnded
            || state.Owner is Owner.EndedMember or Owner.EndedUser)
            return "revoked";
        if (state.Fate == KeyFate.ExpiredNow || state.Expiry == Expiry.Past || state.Secret is Secret.Past or Secret.Ended)
            return "expired";
        if (state.Suspended)
            return "suspended";
        if (state.Owner == Owner.InactiveMember)
            return "owner_inactive";
        return required switch
        {
            Required.Nothing or Required.Held => "allowed",
            // The role caps members, not organizations; the type of owner restricts organizations, not members.
            Required.OutsideTheRole => state.Owner == Owner.Organization ? "allowed" : "insufficient_permissions",
            Required.NotForThisOwner => state.Owner == Owner.Organization ? "insufficient_permissions" : "allowed",
            _ => "insufficient_permissions",
        };
    }

    private static string ExpectedStatus(State state) => Expected(state with { Secret = Secret.Newest }, Required.Nothing) switch
    {
        "allowed" => "active",
        var code => code,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_combination_of_states_has_the_code_of_the_contract(bool fromMemory)
    {
        await using var warder = await RunningWarder.StartAsync();
        await Prepare(warder);
        var states =
            (from fate in Enum.GetValues<KeyFate>()
             from expiry in Enum.GetValues<Expiry>()
             from secret in Enum.GetValues<Secret>()
             from suspended in (bool[])[false, true]
             from owner in Enum.GetValues<Owner>()
             from ended in (bool[])[false, true]
             select new State(fate, expiry, secret, suspended, owner, ended)).ToList();

        var wrong = new List<string>();
        await Parallel.ForEachAsync(states, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (state, _) =>
        {
            var found = await Check(warder, state, fromMemory);
            lock (wrong)
                wrong.AddRange(found);
        });

        Assert.Empty(wrong);
        Assert.Null(warder.VerifyLog().Problem);
    }

    private static async Task Prepare(RunningWarder warder)
    {
        foreach (var slug in (string[])["held", "outside"])
            (await warder.Post("/authorization/permissions", new { slug, name = "p" })).Is(201);
    }

    private static async Task<List<string>> Check(RunningWarder warder, State state, bool fromMemory)
    {
        var own = Guid.NewGuid().ToString("n")[..12];
        var permissions = new[] { "held", "outside", "no-" + own };
        (await warder.Post("/authorization/permissions", new { slug = "no-" + own, name = "p" })).Is(201);
        (await warder.Post("/authorization/roles", new { slug = "r-" + own, name = "r" })).Is(201);
        (await warder.Put($"/authorization/roles/r-{own}/permissions", new { permissions })).Is(200);
        var organization = (await warder.Post("/organizations", new { name = own })).Is(201).Id;
        string? user = null, membership = null;
        var path = $"/organizations/{organization}/api_keys";
        if (state.Owner != Owner.Organization)
        {
            user = (await warder.Post("/user_management/users", new { email = own + "@example.com" })).Is(201).Id;
            membership = (await warder.Post(
                "/user_management/organization_memberships",
                new { user_id = user, organization_id = organization, role_slug = "r-" + own })).Is(201).Id;
            path = $"/user_management/users/{user}/api_keys";
        }

        object body = user is null ? new { name = own, permissions } : new { name = own, permissions, organization_id = organization };
        var made = (await warder.Post(path, body)).Is(201);
        if (fromMemory)
            Assert.Equal("allowed", await warder.Decide(made.Value, permissions));

        await warder.Delete($"/authorization/roles/r-{own}/permissions/outside");
        (await warder.Patch("/authorization/permissions/no-" + own, new { allowed_owner_types = new[] { "user" } })).Is(200);
        var value = await Bring(warder, state, made, organization, user, membership);

        var wrong = new List<string>();
        foreach (var required in Enum.GetValues<Required>())
        {
            string[] slugs = required switch
            {
                Required.Nothing => [],
                Required.Held => ["held"],
                Required.HeldAndUnregistered => ["held", "unregistered"],
                Required.OutsideTheRole => ["outside"],
                _ => ["no-" + own],
            };
            var code = await warder.Decide(value, slugs);
            if (code != Expected(state, required))
                wrong.Add($"{state}, {required}: {code}, not {Expected(state, required)}");
        }

        var shown = (await warder.Get("/api_keys/" + made.Id)).Is(200)["status"];
        if (shown != ExpectedStatus(state))
            wrong.Add($"{state}: shown as {shown}");
        return wrong;
    }

    private static async Task<string> Bring(
        RunningWarder warder, State state, Reply made, string organization, string? user, string? membership)
    {
        var key = "/api_keys/" + made.Id;
        var value = made.Value;
        if (state.Secret != Secret.Newest)
            (await warder.Post(key + "/rotate", new { overlap_seconds = state.Secret == Secret.Ended ? 0 : 3600 })).Is(200);
        if (state.Suspended)
            (await warder.Post(key + "/suspend")).Is(200);
        if (state.Expiry == Expiry.Ahead)
            (await warder.Patch(key, new { expires_at = "2999-01-01T00:00:00Z" })).Is(200);
        (await (state.Fate switch
        {
            KeyFate.ExpiredNow => warder.Post(key + "/expire"),
            KeyFate.Revoked => warder.Post(key + "/revoke"),
            KeyFate.Deleted => warder.Delete(key),
            _ => warder.Get(key),
        })).Is(state.Fate == KeyFate.Deleted ? 204 : 200);
        await LetTimePass(warder, state, made.Id);
        (await (state.Owner switch
        {
            Owner.InactiveMember => warder.Put($"/user_management/organization_memberships/{membership}/deactivate"),
            Owner.EndedMember => warder.Delete("/user_management/organization_memberships/" + membership),
            Owner.EndedUser => warder.Delete("/user_management/users/" + user),
            _ => warder.Get(key),
        })).Is(state.Owner is Owner.EndedMember or Owner.EndedUser ? 204 : 200);
        if (state.OrganizationEnded)
            (await warder.Delete("/organizations/" + organization)).Is(204);
        return value;
    }

    // The API accepts no time in the past: the test writes the row that the store would hold an hour later, and a change makes memory evict
    // the key.
    private static async Task LetTimePass(RunningWarder warder, State state, string id)
    {
        var past = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds();
        await warder.Node.Journal.Submit<bool>(context =>
        {
            if (state.Expiry == Expiry.Past)
                context.Session.Execute("UPDATE api_keys SET expires_at = $1 WHERE id = $2", past, id);
            if (state.Secret == Secret.Past)
                context.Session.Execute("UPDATE api_key_secrets SET ends_at = $1 WHERE key_id = $2 AND number = 1", past, id);
            TestEvent.Append(warder, context, CacheDelta.OfKey(id));
            return true;
        });
    }
}
