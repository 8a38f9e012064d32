using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Directory;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Directory;

namespace Warder.Server.Directory;

/// <summary>The calls about users.</summary>
internal static class UserCalls
{
    // Warder has no sign-in, so it ignores these members.
    private static readonly string[] Ignored =
        ["password", "password_hash", "password_hash_type", "name", "locale", "ip_address", "user_agent", "signals_id"];

    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var properties = new UserProperties(
            ReadEmail(fields),
            fields.OptionalText("first_name", Limits.NameCharacters),
            fields.OptionalText("last_name", Limits.NameCharacters),
            fields.OptionalFlag("email_verified") ?? false,
            fields.OptionalText("external_id", Limits.ExternalIdCharacters, 1),
            fields.OptionalMetadata("metadata"));
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await Users.Create(call, properties);
    }

    public static Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.User, (session, id) => UserTable.Existed(session, call.Environment, id));
        var (email, organizationId) = (query.Text("email"), query.Text("organization_id"));
        return page.Answer(
            call, query, (session, part) => UserTable.List(session, call.Environment, email, organizationId, part),
            DirectoryShapes.Of, user => user.Id, WarderJson.Wire.ListPageUser);
    }

    public static Task<Result<Answer>> Show(Call call)
        => Show(call, session => UserTable.Find(session, call.Environment, call.Route("id")));

    public static Task<Result<Answer>> ShowByExternalId(Call call)
        => Show(call, session => UserTable.FindByExternalId(session, call.Environment, call.Route("externalId")));

    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var patch = new UserPatch(
            fields.Has("email") ? ReadEmail(fields) : null,
            fields.PatchText("first_name", Limits.NameCharacters),
            fields.PatchText("last_name", Limits.NameCharacters),
            fields.OptionalFlag("email_verified"),
            fields.PatchText("external_id", Limits.ExternalIdCharacters, 1),
            fields.PatchMetadata("metadata"));
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await Users.Update(call, call.Route("id"), patch);
    }

    public static Task<Result<Answer>> Delete(Call call) => DeleteUser.Delete(call, call.Route("id"));

    public static Task<Result<Answer>> Erase(Call call) => DeleteUser.Erase(call, call.Route("id"));

    private static string ReadEmail(JsonFields fields)
    {
        var email = fields.Text("email", Limits.EmailCharacters);
        var at = email.IndexOf('@', StringComparison.Ordinal);
        if (email.Length > 0 && (at < 1 || at == email.Length - 1 || email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))
            fields.Refuse("email", "invalid_format", "Must be an e-mail address.");
        return email;
    }

    private static Task<Result<Answer>> Show(Call call, Func<Session, User?> find)
        => call.Show(find, DirectoryShapes.Of, WarderJson.Wire.User, "User");
}
