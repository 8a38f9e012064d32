using Warder.Contracts;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Engine.Keys;

/// <summary>The requested properties of a new key.</summary>
internal sealed record KeyRequest(
    string Name, IReadOnlyList<string> Permissions, Instant? ExpiresAt, string? Purpose, string? ResponsibleUserId);

/// <summary>Issues keys to organizations and to users in them.</summary>
internal static class IssueKey
{
    /// <summary>Issues a key to an organization.</summary>
    public static Task<Result<Answer>> ForOrganization(ChangeContext changes, string organizationId, KeyRequest request)
    {
        var secret = NewSecret.Draw(changes.KeyPrefix, changes.Entropy);
        return changes.Change(context => OrganizationTable.Find(context.Session, changes.Environment, organizationId) is null
            ? Fault.NotFound("Organization")
            : Issue(changes, context, KeyOwner.OfOrganization(organizationId), Ceiling.OfOrganization, request, secret));
    }

    /// <summary>Issues a key to a user in an organization.</summary>
    public static Task<Result<Answer>> ForUser(ChangeContext changes, string userId, string organizationId, KeyRequest request)
    {
        var secret = NewSecret.Draw(changes.KeyPrefix, changes.Entropy);
        return changes.Change(context =>
        {
            if (UserTable.Find(context.Session, changes.Environment, userId) is null)
                return Fault.NotFound("User");
            if (OrganizationTable.Find(context.Session, changes.Environment, organizationId) is null)
                return Fault.Field("organization_id", "not_found", "There is no such organization.");
            if (MembershipTable.Find(context.Session, changes.Environment, userId, organizationId)
                is not { Status: MembershipStatus.Active } membership)
                return Fault.Field("organization_id", "no_active_membership", "The user has no active membership in this organization.");
            var role = RoleTable.Get(context.Session, changes.Environment, membership.RoleId);
            return Issue(changes, context, KeyOwner.OfMember(membership), Ceiling.OfMember(role), request, secret);
        });
    }

    private static Result<Answer> Issue(
        ChangeContext changes, CommandContext context, Owner<string, MemberIds> owner, Ceiling ceiling, KeyRequest request,
        NewSecret secret)
    {
        var made = Make(changes, context, owner, ceiling, request, secret.ObfuscatedValue, "");
        if (made.Fault is { } fault)
            return fault;
        Store(changes, context, made.Value, secret.Digest);
        var (key, now) = (made.Value, context.Now);
        return Answer.Created(() => KeyShapes.Of(key, now, secret.Token.Reveal()), WarderJson.Wire.ApiKey);
    }

    /// <summary>Creates a new key, or the fault that refuses it.</summary>
    /// <param name="changes">The context of the change.</param>
    /// <param name="context">The transaction.</param>
    /// <param name="owner">The key's owner.</param>
    /// <param name="ceiling">The permissions that the owner may have.</param>
    /// <param name="request">The requested properties.</param>
    /// <param name="obfuscatedValue">The displayed part of its secret.</param>
    /// <param name="path">The request's path in the body, for faults: <c>api_keys[3].</c></param>
    public static Result<ApiKey> Make(
        ChangeContext changes, CommandContext context, Owner<string, MemberIds> owner, Ceiling ceiling, KeyRequest request,
        string obfuscatedValue, string path)
    {
        if (request.ExpiresAt is { } end && end <= context.Now)
            return Fault.Field(path + "expires_at", "must_be_future", "Must be in the future.");
        if (IssueCap.Refuse(changes, context, request.ExpiresAt, path + "expires_at") is { } outlived)
            return outlived;
        var permissions = ceiling.Resolve(
            request.Permissions, slug => context.Access.Permission(context.Session, changes.Environment, slug));
        if (permissions.Fault is { } fault)
            return Fault.Invalid([.. fault.Fields.Select(field => field with { Field = path + field.Field })]);
        if (ResponsibleUser(changes, context, request, path) is { } unknown)
            return unknown;
        var id = changes.NewId(IdKind.ApiKey, context);
        return new ApiKey
        {
            Id = id,
            Environment = changes.Environment,
            Owner = owner,
            Name = request.Name,
            Purpose = request.Purpose,
            ResponsibleUserId = request.ResponsibleUserId ?? changes.Origin.OnBehalfOf,
            CreatedBy = changes.Caller.ManagementKeyId ?? "system",
            PermissionSetId = changes.DryRun ? 0 : context.Access.Intern(context.Session, changes.Environment, permissions.Value),
            Permissions = permissions.Value,
            EffectivePermissions = permissions.Value,
            State = KeyState.Live,
            OwnerStanding = OwnerStanding.Active,
            ExpiresAt = request.ExpiresAt,
            Secrets =
            [
                new KeySecret
                {
                    Id = changes.NewId(IdKind.Secret, context), Number = 1, ObfuscatedValue = obfuscatedValue, CreatedAt = context.Now,
                },
            ],
            CreatedAt = context.Now,
            UpdatedAt = context.Now,
        };
    }

    /// <summary>Writes a new key with its event.</summary>
    public static void Store(ChangeContext changes, CommandContext context, ApiKey key, byte[] digest, ImportScheme? scheme = null)
    {
        KeyTable.Insert(context.Session, key, digest, scheme);
        var now = context.Now;
        changes.Append(
            context, EventTypes.ApiKeyCreated, EventData.Of(() => KeyShapes.Of(key, now), WarderJson.Wire.ApiKey), key.Owner.Organization);
    }

    private static Fault? ResponsibleUser(ChangeContext changes, CommandContext context, KeyRequest request, string path)
    {
        var (field, id) = request.ResponsibleUserId is { } given
            ? (path + "responsible_user_id", given)
            : (EventOrigin.OnBehalfOfHeader, changes.Origin.OnBehalfOf);
        return id is null || UserTable.Find(context.Session, changes.Environment, id) is not null
            ? null
            : Fault.Field(field, "not_found", "There is no such user.");
    }
}
