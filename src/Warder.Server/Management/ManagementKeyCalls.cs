using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Management;
using Warder.Server.Http;
using Warder.Server.Keys;
using Warder.Storage.Management;

namespace Warder.Server.Management;

/// <summary>The calls about management keys.</summary>
internal static class ManagementKeyCalls
{
    private const int RightCharacters = 64;
    private static readonly int MostRights = RightNames.Every.Count * 2;

    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var name = fields.Text("name", Limits.NameCharacters);
        var rights = ReadRights(fields.OptionalTexts("rights", MostRights, RightCharacters), fields);
        if (rights is null && !fields.Has("rights"))
            fields.Refuse("rights", "required", "Must be given.");
        var expiresAt = fields.OptionalTime("expires_at");
        if (fields.Fault() is { } fault)
            return fault;
        return await ManagementKeys.Create(call, new ManagementKeyProperties(name, rights!, expiresAt));
    }

    public static Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.ManagementKey, (session, id) => ManagementKeyTable.Existed(session, call.Environment, id));
        var now = call.Clock.Now();
        return page.Answer(
            call, query, (session, part) => ManagementKeyTable.List(session, call.Environment, part),
            key => ManagementShapes.Of(key, call.EnvironmentId, now), key => key.Id, WarderJson.Wire.ListPageManagementKey);
    }

    public static async Task<Result<Answer>> Show(Call call)
    {
        var id = call.Route("id");
        var shown = await call.Show(
            session => ManagementKeyTable.Find(session, call.Environment, id) is { Deleted: false } key ? key : null,
            key => ManagementShapes.Of(key, call.EnvironmentId, call.Clock.Now()), WarderJson.Wire.ManagementKey, "Management key");
        return shown.Fault is { Kind: FaultKind.NotFound }
            ? call.Read(session => ManagementKeys.Missing(session, call.Environment, id))
            : shown;
    }

    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var patch = new ManagementKeyPatch(
            fields.Has("name") ? fields.Text("name", Limits.NameCharacters) : null,
            ReadRights(fields.PatchTexts("rights", MostRights, RightCharacters), fields), fields.PatchTime("expires_at"));
        if (fields.Fault() is { } fault)
            return fault;
        return await ManagementKeyChanges.Update(call, call.Route("id"), patch);
    }

    public static async Task<Result<Answer>> Rotate(Call call)
    {
        var fields = call.Body();
        var rotation = KeyCalls.ReadRotation(fields);
        if (fields.Fault() is { } fault)
            return fault;
        return await ManagementKeyChanges.Rotate(call, call.Route("id"), rotation);
    }

    public static async Task<Result<Answer>> Revoke(Call call)
    {
        var reason = KeyCalls.ReadReason(call);
        return reason.Fault is { } fault ? fault : await ManagementKeyChanges.Revoke(call, call.Route("id"), reason.Value);
    }

    public static Task<Result<Answer>> Delete(Call call) => ManagementKeyChanges.Delete(call, call.Route("id"));

    public static Task<Result<Answer>> EndSecret(Call call)
        => ManagementKeyChanges.EndSecret(call, call.Route("id"), call.Route("secretId"));

    // Null: the member is missing or refused.
    private static RightsRequest? ReadRights(IReadOnlyList<string>? names, JsonFields fields)
    {
        if (names is null)
            return null;
        var rights = names.Select(RightNames.Parse).ToList();
        for (var i = 0; i < rights.Count; i++)
        {
            if (rights[i] == Rights.None)
                fields.Refuse(
                    $"rights[{i}]", "invalid_value", "Must be one of " + string.Join(", ", RightNames.Every.Select(row => row.Name)) + ".");
        }

        return new RightsRequest(rights);
    }
}
