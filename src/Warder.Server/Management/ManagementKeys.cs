using Warder.Contracts;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Management;
using Warder.Engine.Secrets;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Management;

namespace Warder.Server.Management;

/// <summary>Management keys: credentials with rights over Warder itself.</summary>
internal static class ManagementKeys
{
    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var name = fields.Text("name", Limits.NameCharacters);
        var rights = RightsRequest.Read(fields);
        if (rights is null && !fields.Has("rights"))
            fields.Refuse("rights", "required", "Must be given.");
        var expiresAt = fields.OptionalTime("expires_at");
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (expiresAt is { } end && end <= context.Now)
                return Fault.Field("expires_at", "must_be_future", "Must be in the future.");
            if (rights!.Beyond(context.Authority.Rights) is { } beyond)
                return beyond;
            if (context.Authority.OutlivedBy(expiresAt) is { } outlived)
                return outlived;
            var token = TokenFormat.Issue(ManagementKey.TokenPrefix, call.Entropy);
            var key = ManagementKeyCreation.Add(call, context, name, rights.All, expiresAt, token, call.EnvironmentId);
            return Answer.Created(ManagementShapes.Of(key, call.EnvironmentId, context.Now, token.Reveal()), WarderJson.Wire.ManagementKey);
        });
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
        return shown.Fault is { Kind: FaultKind.NotFound } ? call.Read(session => Missing(session, call.Environment, id)) : shown;
    }

    /// <summary>Creates the fault for a missing key: there is none, or its row does not verify.</summary>
    public static Fault Missing(Session session, int environment, string id)
        => ManagementKeyTable.Find(session, environment, id) is null && ManagementKeyTable.Existed(session, environment, id)
            ? RowFaults.NotVerified("management key")
            : Fault.NotFound("Management key");
}
