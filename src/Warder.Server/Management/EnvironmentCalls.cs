using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Management;
using Warder.Server.Http;
using Warder.Storage.Directory;

namespace Warder.Server.Management;

/// <summary>The calls about environments.</summary>
internal static class EnvironmentCalls
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
        return await Environments.Create(call, new EnvironmentProperties(name, prefix, cap));
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
        var patch = new EnvironmentPatch(
            fields.Has("name") ? fields.Text("name", Limits.NameCharacters) : null,
            fields.Has("cap_issued_keys") ? fields.OptionalFlag("cap_issued_keys") ?? false : null);
        if (fields.Fault() is { } fault)
            return fault;
        return await Environments.Update(call, call.Route("id"), patch);
    }
}
