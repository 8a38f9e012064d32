using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Directory;

/// <summary>The requested properties of a new user.</summary>
internal sealed record UserProperties(
    string Email, string? FirstName, string? LastName, bool EmailVerified, string? ExternalId,
    IReadOnlyDictionary<string, string?>? Metadata);

/// <summary>The requested changes of a user. Null or absent: the property stays.</summary>
internal sealed record UserPatch(
    string? Email, Optional<string?> FirstName, Optional<string?> LastName, bool? EmailVerified, Optional<string?> ExternalId,
    Optional<IReadOnlyDictionary<string, string?>?> Metadata);

/// <summary>Users: the people in the directory.</summary>
internal static class Users
{
    /// <summary>The personal members of a user.</summary>
    public static readonly IReadOnlyList<string> Personal = ["email", "first_name", "last_name"];

    /// <summary>Creates a user.</summary>
    public static Task<Result<Answer>> Create(ChangeContext changes, UserProperties properties)
        => changes.Change(context =>
        {
            if (Taken(changes, context, properties.Email, properties.ExternalId, null) is { } taken)
                return taken;
            var metadata = MetadataPairs.Merge(MetadataPairs.None, properties.Metadata);
            if (metadata.Fault is { } tooMany)
                return tooMany;
            var user = new User
            {
                Id = changes.NewId(IdKind.User, context),
                Environment = changes.Environment,
                Email = properties.Email,
                FirstName = properties.FirstName,
                LastName = properties.LastName,
                EmailVerified = properties.EmailVerified,
                ExternalId = properties.ExternalId,
                Metadata = metadata.Value.Pairs,
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            UserTable.Insert(context.Session, user);
            var shape = DirectoryShapes.Of(user);
            changes.Append(context, EventTypes.UserCreated, EventData.Of(shape, WarderJson.Wire.User).About(user.Id, Personal), null);
            return Answer.Created(shape, WarderJson.Wire.User);
        });

    /// <summary>Changes a user.</summary>
    public static Task<Result<Answer>> Update(ChangeContext changes, string id, UserPatch patch)
        => changes.Change(context =>
        {
            if (UserTable.Find(context.Session, changes.Environment, id, RowLock.Update) is not { } before)
                return Fault.NotFound("User");
            if (Taken(changes, context, patch.Email, patch.ExternalId.Or(null), before.Id) is { } taken)
                return taken;
            var after = before with
            {
                Email = patch.Email ?? before.Email,
                FirstName = patch.FirstName.Or(before.FirstName),
                LastName = patch.LastName.Or(before.LastName),
                EmailVerified = patch.EmailVerified ?? before.EmailVerified,
                ExternalId = patch.ExternalId.Or(before.ExternalId),
                UpdatedAt = context.Now,
            };
            if (!patch.Metadata.IsPresent)
                return Write(changes, context, before, after);
            var metadata = MetadataPairs.Merge(before.Metadata, patch.Metadata.Value);
            return metadata.Fault is { } tooMany
                ? tooMany
                : Write(changes, context, before, after with { Metadata = metadata.Value.Pairs });
        });

    private static Result<Answer> Write(ChangeContext changes, CommandContext context, User before, User after)
    {
        if (EventData.IsSame(
            DirectoryShapes.Of(before), DirectoryShapes.Of(after with { UpdatedAt = before.UpdatedAt }), WarderJson.Wire.User))
            return Answer.Ok(DirectoryShapes.Of(before), WarderJson.Wire.User);
        UserTable.Update(context.Session, after);
        var data = EventData.OfChange(
            DirectoryShapes.Of(before), DirectoryShapes.Of(after), WarderJson.Wire.User).About(after.Id, Personal);
        changes.Append(context, EventTypes.UserUpdated, data, null);
        return Answer.Ok(DirectoryShapes.Of(after), WarderJson.Wire.User);
    }

    private static Fault? Taken(ChangeContext changes, CommandContext context, string? email, string? externalId, string? self)
    {
        if (email is not null && UserTable.FindByEmail(context.Session, changes.Environment, email) is { } other && other.Id != self)
            return Fault.Field("email", "email_not_available", "Another user has this e-mail address.");
        if (externalId is not null && UserTable.FindByExternalId(context.Session, changes.Environment, externalId) is { } another
            && another.Id != self)
            return Fault.Field("external_id", "external_id_already_used", "Another user has this external id.");
        return null;
    }
}
