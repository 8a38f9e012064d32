using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Management;
using Warder.Server.Access;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Server.Management;

/// <summary>Environments: isolated worlds of data.</summary>
internal static class Environments
{
    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var (name, prefix) = (fields.Text("name", Limits.NameCharacters), fields.Text("key_prefix", TokenFormat.MaximumPrefixLength));
        var cap = fields.OptionalFlag("cap_issued_keys") ?? false;
        if (prefix.Length > 0 && !TokenFormat.IsPrefix(prefix))
            fields.Refuse("key_prefix", "invalid_format", "Use a-z, then also 0-9 and '_', 32 characters at most.");
        if (prefix == ManagementKey.TokenPrefix)
            fields.Refuse("key_prefix", "invalid_value", $"'{ManagementKey.TokenPrefix}' is reserved for management keys.");
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            EnvironmentTable.HoldPrefixes(context.Session);
            if (EnvironmentTable.PrefixTaken(context.Session, prefix))
                return Fault.Conflict("key_prefix_taken", "Another environment has, or had, this prefix.");
            if (EnvironmentTable.AllSchemes(context.Session).Exists(scheme => scheme.Overlaps(prefix)))
                return Fault.Conflict(
                    "key_prefix_overlaps_scheme", "Tokens of this prefix would look like keys that were imported. Choose another prefix.");
            var token = TokenFormat.Issue(ManagementKey.TokenPrefix, call.Entropy);
            var (environment, key) = EnvironmentCreation.Add(call, context, name, prefix, context.Authority.Rights, token, cap);
            var shape = EnvironmentShapes.Of(environment) with
            {
                ManagementKey = ManagementShapes.Of(key, environment.Id, context.Now, token.Reveal()),
            };
            return Answer.Created(shape, WarderJson.Wire.WarderEnvironment);
        });
    }

    public static Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.Environment, (session, id) => EnvironmentTable.Find(session, id) is not null);
        return page.Answer(
            call, query, (session, part) => EnvironmentTable.List(session, part),
            EnvironmentShapes.Of, environment => environment.Id, WarderJson.Wire.ListPageWarderEnvironment);
    }

    public static Task<Result<Answer>> Show(Call call)
        => call.Show(
            session => EnvironmentTable.Find(session, call.Route("id")), EnvironmentShapes.Of, WarderJson.Wire.WarderEnvironment,
            "Environment");

    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var name = fields.Has("name") ? fields.Text("name", Limits.NameCharacters) : null;
        bool? cap = fields.Has("cap_issued_keys") ? fields.OptionalFlag("cap_issued_keys") ?? false : null;
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (EnvironmentTable.Find(context.Session, call.Route("id"), RowLock.Update) is not { } before)
                return Fault.NotFound("Environment");
            // Without the cap the caller could issue keys that outlive its own key.
            if (before.CapIssuedKeys && cap == false && context.Authority.OutlivedBy(null, "cap_issued_keys") is { } outlived)
                return outlived;
            var after = before with { Name = name ?? before.Name, CapIssuedKeys = cap ?? before.CapIssuedKeys, UpdatedAt = context.Now };
            EnvironmentTable.Update(context.Session, after);
            var data = EventData.OfChange(EnvironmentShapes.Of(before), EnvironmentShapes.Of(after), WarderJson.Wire.WarderEnvironment);
            var inside = call.In(after.Number);
            inside.Append(context, EventTypes.EnvironmentUpdated, data, null, new CacheDelta(CacheDeltaKind.Environment, after.Id));
            return Answer.Ok(EnvironmentShapes.Of(after), WarderJson.Wire.WarderEnvironment);
        });
    }
}
