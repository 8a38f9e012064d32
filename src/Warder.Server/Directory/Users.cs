using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Directory;
using Warder.Engine.Events;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Server.Directory;

/// <summary>Users: the people in the directory.</summary>
internal static class Users
{
    /// <summary>The personal members of a user.</summary>
    public static readonly IReadOnlyList<string> Personal = ["email", "first_name", "last_name"];

    // Warder has no sign-in, so it ignores these members.
    private static readonly string[] Ignored =
        ["password", "password_hash", "password_hash_type", "name", "locale", "ip_address", "user_agent", "signals_id"];

    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var email = Email(fields);
        var firstName = fields.OptionalText("first_name", Limits.NameCharacters);
        var lastName = fields.OptionalText("last_name", Limits.NameCharacters);
        var verified = fields.OptionalFlag("email_verified") ?? false;
        var externalId = fields.OptionalText("external_id", Limits.ExternalIdCharacters, 1);
        var metadata = fields.OptionalMetadata("metadata");
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (Taken(call, context, email, externalId, null) is { } taken)
                return taken;
            var user = new User
            {
                Id = call.NewId(IdKind.User, context),
                Environment = call.Environment,
                Email = email,
                FirstName = firstName,
                LastName = lastName,
                EmailVerified = verified,
                ExternalId = externalId,
                Metadata = metadata ?? new Dictionary<string, string>(),
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            UserTable.Insert(context.Session, user);
            var shape = DirectoryShapes.Of(user);
            call.Append(context, EventTypes.UserCreated, EventData.Of(shape, WarderJson.Wire.User).About(user.Id, Personal), null);
            return Answer.Created(shape, WarderJson.Wire.User);
        });
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
        var email = fields.Has("email") ? Email(fields) : null;
        var (firstGiven, firstName) = (fields.Has("first_name"), fields.OptionalText("first_name", Limits.NameCharacters));
        var (lastGiven, lastName) = (fields.Has("last_name"), fields.OptionalText("last_name", Limits.NameCharacters));
        var verified = fields.OptionalFlag("email_verified");
        var (externalGiven, externalId) = (fields.Has("external_id"), fields.OptionalText("external_id", Limits.ExternalIdCharacters, 1));
        var (metadataGiven, metadata) = (fields.Has("metadata"), fields.OptionalMetadata("metadata"));
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(
            context => UserTable.Find(context.Session, call.Environment, call.Route("id"), RowLock.Update) is not { } before
            ? Fault.NotFound("User")
            : Taken(call, context, email, externalId, before.Id) is { } taken
                ? taken
                : Write(call, context, before, before with
                {
                    Email = email ?? before.Email,
                    FirstName = firstGiven ? firstName : before.FirstName,
                    LastName = lastGiven ? lastName : before.LastName,
                    EmailVerified = verified ?? before.EmailVerified,
                    ExternalId = externalGiven ? externalId : before.ExternalId,
                    Metadata = metadataGiven ? metadata ?? new Dictionary<string, string>() : before.Metadata,
                    UpdatedAt = context.Now,
                }));
    }

    private static Result<Answer> Write(Call call, CommandContext context, User before, User after)
    {
        UserTable.Update(context.Session, after);
        var data = EventData.OfChange(
            DirectoryShapes.Of(before), DirectoryShapes.Of(after), WarderJson.Wire.User).About(after.Id, Personal);
        call.Append(context, EventTypes.UserUpdated, data, null);
        return Answer.Ok(DirectoryShapes.Of(after), WarderJson.Wire.User);
    }

    private static string Email(JsonFields fields)
    {
        var email = fields.Text("email", Limits.EmailCharacters);
        var at = email.IndexOf('@', StringComparison.Ordinal);
        if (email.Length > 0 && (at < 1 || at == email.Length - 1 || email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))
            fields.Refuse("email", "invalid_format", "Must be an e-mail address.");
        return email;
    }

    private static Fault? Taken(Call call, CommandContext context, string? email, string? externalId, string? self)
    {
        if (email is not null && UserTable.FindByEmail(context.Session, call.Environment, email) is { } other && other.Id != self)
            return Fault.Field("email", "email_not_available", "Another user has this e-mail address.");
        if (externalId is not null && UserTable.FindByExternalId(context.Session, call.Environment, externalId) is { } another
            && another.Id != self)
            return Fault.Field("external_id", "external_id_already_used", "Another user has this external id.");
        return null;
    }

    private static Task<Result<Answer>> Show(Call call, Func<Session, User?> find)
        => call.Show(find, DirectoryShapes.Of, WarderJson.Wire.User, "User");
}
