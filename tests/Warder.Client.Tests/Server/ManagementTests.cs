using Warder.Client.Events;
using Warder.Client.Lists;
using Warder.Contracts.Directory;
using Warder.Contracts.Events;
using Warder.Contracts.Keys;
using Warder.Contracts.Management;
using Warder.Core.Secrets;

namespace Warder.Client.Tests.Server;

public sealed class ManagementTests(RealServer server) : IClassFixture<RealServer>
{
    private readonly WarderClient client = server.Client;

    [Fact]
    public async Task A_management_key_does_what_it_may_until_it_is_ended()
    {
        var issued = await client.ManagementKeys.CreateAsync(
            new CreateManagementKeyRequest { Name = "reader", Rights = [RightNames.DirectoryRead, RightNames.ManagementWrite] });
        var reader = server.As(issued.Value);
        await reader.Organizations.ListAsync();
        Assert.Equal((403, "insufficient_rights"), await RefusalAsync(() => reader.Keys.ListAsync()));
        var beyond = await Assert.ThrowsAsync<WarderException>(
            () => reader.ManagementKeys.CreateAsync(new CreateManagementKeyRequest { Name = "more", Rights = [RightNames.KeysWrite] }));
        Assert.Equal(("rights[0]", "exceeds_grantor"), (beyond.Errors[0].Field, beyond.Errors[0].Code));

        var id = issued.Key.Id;
        Assert.Equal("other", (await client.ManagementKeys.UpdateAsync(id, new UpdateManagementKeyRequest { Name = "other" })).Name);
        var rotated = await client.ManagementKeys.RotateAsync(id, new RotateKeyRequest { OverlapSeconds = 0 });
        Assert.Equal(401, (await RefusalAsync(() => reader.Organizations.ListAsync())).Status);
        await server.As(rotated.Value).Organizations.ListAsync();
        Assert.Equal(KeyStatus.Revoked, (await client.ManagementKeys.RevokeAsync(id, "done")).Status);
        Assert.Equal(401, (await RefusalAsync(() => server.As(rotated.Value).Organizations.ListAsync())).Status);
        Assert.Equal(KeyStatus.Revoked, (await client.ManagementKeys.GetAsync(id)).Status);
        Assert.NotEmpty(await client.ManagementKeys.ListAllAsync().ToListAsync());
        await client.ManagementKeys.DeleteAsync((await client.ManagementKeys.CreateAsync(
            new CreateManagementKeyRequest { Name = "short", Rights = [RightNames.KeysRead] })).Key.Id);
    }

    [Fact]
    public async Task An_environment_is_a_world_of_its_own()
    {
        var prefix = "t" + Guid.NewGuid().ToString("n")[..10];
        var created = await client.Environments.CreateAsync(new CreateEnvironmentRequest("staging", prefix));
        Assert.Equal(("staging", prefix), (created.Environment.Name, created.Environment.KeyPrefix));
        var there = server.As(created.ManagementKey.Value);
        var organization = await there.Organizations.CreateAsync(new CreateOrganizationRequest { Name = "Acme" });
        Assert.Equal((404, "entity_not_found"), await RefusalAsync(() => client.Organizations.GetAsync(organization.Id)));
        var key = await there.Keys.IssueForOrganizationAsync(organization.Id, new IssueKeyRequest { Name = "a" });
        Assert.StartsWith(prefix + "_", key.Value.Reveal(), StringComparison.Ordinal);
        Assert.Equal(DecisionCode.WrongEnvironment, (await client.Keys.ValidateAsync(key.Value)).Code);
        Assert.Equal((409, "key_prefix_taken"), await RefusalAsync(
            () => client.Environments.CreateAsync(new CreateEnvironmentRequest("again", prefix))));
        Assert.Equal("stage", (await client.Environments.UpdateAsync(created.Environment.Id, new UpdateEnvironmentRequest { Name = "stage" })).Name);
        Assert.Equal("stage", (await client.Environments.GetAsync(created.Environment.Id)).Name);
        Assert.Contains(await client.Environments.ListAllAsync().ToListAsync(), environment => environment.KeyPrefix == "wdr_live");
    }

    [Fact]
    public async Task The_log_is_read_in_order_filtered_and_followed()
    {
        var organization = (await client.Organizations.CreateAsync(new CreateOrganizationRequest { Name = "Acme" })).Id;
        var issued = await client.Keys.IssueForOrganizationAsync(organization, new IssueKeyRequest { Name = "a" });
        await client.Keys.UpdateAsync(issued.Key.Id, new UpdateKeyRequest { Name = "b" });
        var query = new EventQuery { OrganizationId = organization };
        string[] expected = [EventTypes.OrganizationCreated, EventTypes.ApiKeyCreated, EventTypes.ApiKeyUpdated, EventTypes.ApiKeyRevoked];
        Assert.Equal(expected[..3], (await client.Events.ListAsync(query)).Data.Select(entry => entry.Type));
        Assert.Equal(
            expected[..3].Reverse(),
            (await client.Events.ListAsync(query with { Order = ListOrder.Descending })).Data.Select(entry => entry.Type));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var seen = new List<Event>();
        await foreach (var entry in client.Events.FollowAsync(query with { Limit = 1 }, TimeSpan.FromMilliseconds(20), patience.Token))
        {
            seen.Add(entry);
            if (seen.Count == 3)
                await client.Keys.RevokeAsync(issued.Key.Id);
            if (seen.Count == 4)
                break;
        }

        Assert.Equal(expected, seen.Select(entry => entry.Type));
        Assert.Equal("a", seen[2].Data.GetProperty("previous_attributes").GetProperty("name").GetString());
        Assert.Equal("api", seen[1].Context.Actor?.Source);
        var filtered = await client.Events.ListAllAsync(query with { Types = [EventTypes.ApiKeyRevoked], After = seen[1].Id }).ToListAsync();
        Assert.Equal(seen[3].Id, Assert.Single(filtered).Id);
    }

    [Fact]
    public async Task Readiness_needs_no_key_and_all_else_needs_a_good_one()
    {
        await server.Client.CheckReadyAsync();
        var stranger = server.As(new SecretString("wdrm_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"));
        await stranger.CheckReadyAsync();
        Assert.Equal((401, "unauthorized"), await RefusalAsync(() => stranger.Keys.ListAsync()));
    }

    private static async Task<(int Status, string Code)> RefusalAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<WarderException>(call);
        Assert.NotNull(refusal.RequestId);
        return (refusal.Status, refusal.Code);
    }
}
