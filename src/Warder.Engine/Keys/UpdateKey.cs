using Warder.Contracts.Json;
using Warder.Core.Access;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Keys;

/// <summary>The requested changes of a key. Null or absent: the property stays.</summary>
internal sealed record KeyPatch(
    string? Name, IReadOnlyList<string>? Permissions, Optional<string?> Purpose, Optional<string?> ResponsibleUserId,
    Optional<Instant?> ExpiresAt);

/// <summary>
/// Changes a key's name, purpose, responsible user, permissions and end. A merge patch (RFC 7396): an absent member stays, null clears.
/// </summary>
internal static class UpdateKey
{
    /// <summary>Changes a key.</summary>
    public static Task<Result<Answer>> Run(ChangeContext changes, string id, KeyPatch patch)
        => KeyChange.Run(changes, id, EventTypes.ApiKeyUpdated, (context, key) => Apply(changes, context, key, patch));

    private static Result<ApiKey> Apply(ChangeContext changes, CommandContext context, ApiKey key, KeyPatch patch)
    {
        if (KeyLifecycle.Ended(key, context.Now) is { } ended)
            return ended;
        if (patch.ExpiresAt is { IsPresent: true, Value: { } end } && end <= context.Now)
            return Fault.Field("expires_at", "must_be_future", "Must be in the future; to end a key now, expire or revoke it.");
        if (patch.ResponsibleUserId is { IsPresent: true, Value: { } userId }
            && UserTable.Find(context.Session, changes.Environment, userId) is null)
            return Fault.Field("responsible_user_id", "not_found", "There is no such user.");
        var changed = key with
        {
            Name = patch.Name ?? key.Name,
            Purpose = patch.Purpose.Or(key.Purpose),
            ResponsibleUserId = patch.ResponsibleUserId.Or(key.ResponsibleUserId),
            ExpiresAt = patch.ExpiresAt.Or(key.ExpiresAt),
        };
        if (patch.Permissions is { } slugs)
        {
            var granted = Grant(changes, context, key, slugs);
            if (granted.Fault is { } fault)
                return fault;
            changed = granted.Value(changed);
        }

        // Permissions that an existing key gains are a grant, as for a new key.
        var gains = changed.Permissions.Any(permission => !key.Permissions.Any(had => had.Id == permission.Id));
        if ((patch.ExpiresAt.IsPresent || gains)
            && IssueCap.Refuse(changes, context, changed.ExpiresAt, patch.ExpiresAt.IsPresent ? "expires_at" : "permissions")
                is { } outlived)
            return outlived;
        return changed == key ? key : changed with { UpdatedAt = context.Now };
    }

    // A key may keep a permission that its owner could not be granted now: the permission is not effective, and becomes so again with the
    // owner's right.
    private static Result<Func<ApiKey, ApiKey>> Grant(
        ChangeContext changes, CommandContext context, ApiKey key, IReadOnlyList<string> slugs)
    {
        var ceiling = CeilingOf(changes, context, key);
        var kept = key.Permissions.ToDictionary(permission => permission.Slug, StringComparer.Ordinal);
        var wanted = slugs.Distinct(StringComparer.Ordinal).ToList();
        var fresh = ceiling.Resolve(slugs, slug => PermissionTable.Find(context.Session, changes.Environment, slug));
        if (fresh.Fault is { } fault && fault.Fields.Any(field => !kept.ContainsKey(slugs[IndexOf(field.Field)])))
            return Fault.Invalid([.. fault.Fields.Where(field => !kept.ContainsKey(slugs[IndexOf(field.Field)]))]);
        List<Permission> permissions =
        [
            .. wanted.Select(slug => kept.GetValueOrDefault(slug) ?? PermissionTable.Find(context.Session, changes.Environment, slug)!),
        ];
        var (before, after) = (key.Permissions.Select(permission => permission.Id), permissions.Select(permission => permission.Id));
        if (before.SequenceEqual(after, StringComparer.Ordinal))
            return (Func<ApiKey, ApiKey>)(changed => changed);
        var setId = PermissionSetTable.Intern(context.Session, changes.Environment, permissions);
        return (Func<ApiKey, ApiKey>)(changed => changed with
        {
            PermissionSetId = setId, Permissions = permissions, EffectivePermissions = [.. permissions.Where(ceiling.Allows)],
        });
    }

    private static int IndexOf(string field) => int.Parse(field.AsSpan("permissions[".Length, field.Length - "permissions[]".Length));

    private static Ceiling CeilingOf(ChangeContext changes, CommandContext context, ApiKey key)
        => key.Owner.Match(
            static _ => Ceiling.OfOrganization,
            (_, member) => MembershipTable.Find(context.Session, changes.Environment, member.MembershipId) is { } membership
                ? Ceiling.OfMember(RoleTable.Get(context.Session, changes.Environment, membership.RoleId))
                : Ceiling.Nothing);
}
