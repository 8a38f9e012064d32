using Warder.Core.Access;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Server.Keys;

/// <summary>
/// Changes a key's name, purpose, responsible user, permissions and end. A merge patch (RFC 7396): an absent member stays, null clears.
/// </summary>
internal static class UpdateKey
{
    private sealed record Patch(
        string? Name, IReadOnlyList<string>? Permissions, (bool Given, string? Value) Purpose,
        (bool Given, string? Value) ResponsibleUserId,
        (bool Given, Instant? Value) ExpiresAt);

    public static async Task<Result<Answer>> Run(Call call)
    {
        var fields = call.Body();
        var patch = new Patch(
            fields.Has("name") ? fields.Text("name", Limits.NameCharacters) : null,
            fields.OptionalTexts("permissions", Limits.PermissionsPerKey, Limits.SlugCharacters),
            (fields.Has("purpose"), fields.OptionalText("purpose", Limits.PurposeCharacters)),
            (fields.Has("responsible_user_id"), fields.OptionalText("responsible_user_id", 64)),
            (fields.Has("expires_at"), fields.OptionalTime("expires_at")));
        if (fields.Fault() is { } fault)
            return fault;
        return await KeyChange.Run(call, EventTypes.ApiKeyUpdated, (context, key) => Apply(call, context, key, patch));
    }

    private static Result<ApiKey> Apply(Call call, CommandContext context, ApiKey key, Patch patch)
    {
        if (KeyLifecycle.Ended(key, context.Now) is { } ended)
            return ended;
        if (patch.ExpiresAt is { Given: true, Value: { } end } && end <= context.Now)
            return Fault.Field("expires_at", "must_be_future", "Must be in the future; to end a key now, expire or revoke it.");
        if (patch.ResponsibleUserId.Value is { } userId && UserTable.Find(context.Session, call.Environment, userId) is null)
            return Fault.Field("responsible_user_id", "not_found", "There is no such user.");
        var changed = key with
        {
            Name = patch.Name ?? key.Name,
            Purpose = patch.Purpose.Given ? patch.Purpose.Value : key.Purpose,
            ResponsibleUserId = patch.ResponsibleUserId.Given ? patch.ResponsibleUserId.Value : key.ResponsibleUserId,
            ExpiresAt = patch.ExpiresAt.Given ? patch.ExpiresAt.Value : key.ExpiresAt,
        };
        if (patch.Permissions is { } slugs)
        {
            var granted = Grant(call, context, key, slugs);
            if (granted.Fault is { } fault)
                return fault;
            changed = granted.Value(changed);
        }

        // Permissions that an existing key gains are a grant, as for a new key.
        var gains = changed.Permissions.Any(permission => !key.Permissions.Any(had => had.Id == permission.Id));
        if ((patch.ExpiresAt.Given || gains)
            && IssueCap.Refuse(call, context, changed.ExpiresAt, patch.ExpiresAt.Given ? "expires_at" : "permissions") is { } outlived)
            return outlived;
        return changed == key ? key : changed with { UpdatedAt = context.Now };
    }

    // A key may keep a permission that its owner could not be granted now: the permission is not effective, and becomes so again with the
    // owner's right.
    private static Result<Func<ApiKey, ApiKey>> Grant(Call call, CommandContext context, ApiKey key, IReadOnlyList<string> slugs)
    {
        var ceiling = CeilingOf(call, context, key);
        var kept = key.Permissions.ToDictionary(permission => permission.Slug, StringComparer.Ordinal);
        var wanted = slugs.Distinct(StringComparer.Ordinal).ToList();
        var fresh = ceiling.Resolve(slugs, slug => PermissionTable.Find(context.Session, call.Environment, slug));
        if (fresh.Fault is { } fault && fault.Fields.Any(field => !kept.ContainsKey(slugs[IndexOf(field.Field)])))
            return Fault.Invalid([.. fault.Fields.Where(field => !kept.ContainsKey(slugs[IndexOf(field.Field)]))]);
        List<Permission> permissions =
        [
            .. wanted.Select(slug => kept.GetValueOrDefault(slug) ?? PermissionTable.Find(context.Session, call.Environment, slug)!),
        ];
        var (before, after) = (key.Permissions.Select(permission => permission.Id), permissions.Select(permission => permission.Id));
        if (before.SequenceEqual(after, StringComparer.Ordinal))
            return (Func<ApiKey, ApiKey>)(changed => changed);
        var setId = PermissionSetTable.Intern(context.Session, call.Environment, permissions);
        return (Func<ApiKey, ApiKey>)(changed => changed with
        {
            PermissionSetId = setId, Permissions = permissions, EffectivePermissions = [.. permissions.Where(ceiling.Allows)],
        });
    }

    private static int IndexOf(string field) => int.Parse(field.AsSpan("permissions[".Length, field.Length - "permissions[]".Length));

    private static Ceiling CeilingOf(Call call, CommandContext context, ApiKey key)
        => key.Owner.Match(
            static _ => Ceiling.OfOrganization,
            (_, member) => MembershipTable.Find(context.Session, call.Environment, member.MembershipId) is { } membership
                ? Ceiling.OfMember(RoleTable.Get(context.Session, call.Environment, membership.RoleId))
                : Ceiling.Nothing);
}
