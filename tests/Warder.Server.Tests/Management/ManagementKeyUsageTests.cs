using Warder.Server.Tests.Hosting;


namespace Warder.Server.Tests.Management;

/// <summary>
/// The last use of a management key is written, though each change of management keys replaces all that is in memory about them.
/// </summary>
public sealed class ManagementKeyUsageTests
{
    [Fact]
    public async Task The_use_of_a_management_key_is_recorded_though_what_it_was_used_for_changed_management_keys()
    {
        await using var warder = await RunningWarder.StartAsync();
        var key = (await warder.Post("/management_keys", new { name = "used once", rights = new[] { "management:write", "keys:read" } })).Is(201);
        await warder.Grant(key.Value, "keys:read");
        await warder.Node.Usage.FlushAsync();

        Assert.NotNull((await warder.Get("/management_keys/" + key.Id)).Is(200)["last_used_at"]);
    }

    [Fact]
    public async Task The_last_use_of_a_management_key_is_written_though_another_key_was_made_since()
    {
        await using var warder = await RunningWarder.StartAsync();
        var used = (await warder.Post("/management_keys", new { name = "n", rights = new[] { "keys:read" } })).Is(201);
        (await warder.Get("/api_keys", used.Value)).Is(200);
        await warder.Grant(null, "keys:read");
        await warder.RestartAsync();

        Assert.NotNull((await warder.Get("/management_keys/" + used.Id)).Is(200)["last_used_at"]);
    }
}
