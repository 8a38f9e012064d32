using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Hosting;
using Warder.Engine.Management;
using Warder.Server.Hosting;
using Warder.Server.Management;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Nodes;

/// <summary>Builds servers that register other feature levels than this version's.</summary>
internal static class Levels
{
    /// <summary>Creates a server of a level.</summary>
    /// <param name="folder">The server's folder.</param>
    /// <param name="level">The level that the server registers with.</param>
    /// <param name="decidesBy">The level that the server decides by, where a fault makes it differ.</param>
    public static Task<RunningWarder> StartAsync(DataFolder folder, int level, int? decidesBy = null)
        => RunningWarder.StartAsync(folder, interference: new FaultHooks { Level = level, DecidingLevel = decidesBy });

    /// <summary>
    /// Raises the level that the first environment requires, as the first use of an input does; returns the fault of a refusal.
    /// </summary>
    public static async Task<Fault?> Raise(RunningWarder warder, int level)
    {
        var changes = new ChangeContext(warder.Node.Changes, Caller.System(1), EventOrigin.None);
        var result = await changes.Change(
            context => RequiredLevels.Require(changes, context, level) is { } fault ? fault : Answer.NoContent);
        return result.Fault;
    }

    /// <summary>Issues an organization's key in an environment.</summary>
    public static async Task<(string Id, string Value)> Issue(RunningWarder warder, string? managementKey = null)
    {
        var organization = (await warder.Post("/organizations", new { name = "o" }, managementKey)).Is(201).Id;
        var made = (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" }, managementKey)).Is(201);
        return (made.Id, made.Value);
    }

    /// <summary>Returns the code of a decision, or of the refusal to decide.</summary>
    public static async Task<string> Decide(RunningWarder warder, string value, string? managementKey = null)
    {
        var reply = await warder.Post("/api_keys/validations", new { value }, managementKey);
        return reply.Status == 200
            ? reply.Json.GetProperty("decision").GetProperty("code").GetString()!
            : reply.Json.GetProperty("code").GetString()!;
    }
}
