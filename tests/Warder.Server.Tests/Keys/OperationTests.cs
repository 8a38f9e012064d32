using System.Text.Json;
using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Engine.Directory;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Engine.Management;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Keys;

/// <summary>Runs operations without an HTTP request.</summary>
public sealed class OperationTests
{
    private static readonly KeyRequest Request = new("k", [], null, null, null);

    [Fact]
    public async Task A_key_is_issued_and_revoked_without_HTTP()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var issued = await IssueKey.ForOrganization(Context(warder), organization, Request);
        var key = JsonDocument.Parse(issued.Value.Body!).RootElement;
        var value = key.GetProperty("value").GetString()!;

        Assert.Equal((AnswerKind.Created, "system"), (issued.Value.Kind, key.GetProperty("created_by").GetString()));
        Assert.True(await IsValid(warder, value));
        Assert.Null((await EndKey.Revoke(Context(warder), key.GetProperty("id").GetString()!, "leaked")).Fault);
        Assert.False(await IsValid(warder, value));
    }

    [Fact]
    public async Task A_dry_run_of_an_ending_reads_in_the_lane_without_HTTP()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201);
        var changes = Context(warder);
        changes.DryRun = true;
        var answer = (await Organizations.Delete(changes, organization)).Value;

        Assert.Equal(1, JsonDocument.Parse(answer.Body!).RootElement.GetProperty("api_keys_ended").GetInt64());
        (await warder.Get($"/organizations/{organization}")).Is(200);
    }

    [Fact]
    public async Task A_context_that_cannot_authenticate_its_management_key_again_reads_nothing_in_the_lane()
    {
        await using var warder = await RunningWarder.StartAsync();
        var caller = warder.Node.Authentication.Authenticate("Bearer " + warder.Key)!.Caller;
        var changes = new ChangeContext(warder.Node.Changes, caller, EventOrigin.None) { DryRun = true };
        Result<Answer> answer = await Organizations.Delete(changes, "org_none");

        Assert.Equal("insufficient_rights", answer.Fault?.Code);
    }

    private static ChangeContext Context(RunningWarder warder) => new(warder.Node.Changes, Caller.System(1), EventOrigin.None);

    private static async Task<bool> IsValid(RunningWarder warder, string value)
    {
        var reply = (await warder.Post("/api_keys/validations", new { value })).Is(200);
        return reply.Json.GetProperty("api_key").ValueKind == JsonValueKind.Object;
    }
}
