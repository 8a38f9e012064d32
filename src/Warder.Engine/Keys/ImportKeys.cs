using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Engine.Changes;
using Warder.Engine.Imports;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Engine.Keys;

/// <summary>A key to import.</summary>
/// <param name="Path">The import's path in the request, for faults: <c>api_keys[3].</c></param>
/// <param name="Digest">The SHA-256 of its value.</param>
/// <param name="LastFour">The last four characters of its value.</param>
/// <param name="OwnerType">The owner's type: <c>organization</c> or <c>user</c>.</param>
/// <param name="OwnerId">The owner's id.</param>
/// <param name="OrganizationId">The organization of a user's key; null for an organization's key.</param>
/// <param name="Key">The requested properties.</param>
internal sealed record KeyImport(
    string Path, byte[] Digest, string LastFour, string OwnerType, string OwnerId, string? OrganizationId, KeyRequest Key);

/// <summary>
/// Imports keys that another system issued, by the SHA-256 of their values. Their holders keep their values, and no plaintext reaches
/// Warder.
/// </summary>
internal static class ImportKeys
{
    /// <summary>Imports all keys or none. A dry run answers alike, and writes nothing.</summary>
    public static Task<Result<Answer>> Run(ChangeContext changes, ImportScheme scheme, IReadOnlyList<KeyImport> imports)
        => changes.Change(context => Write(changes, context, scheme, imports));

    private static Result<Answer> Write(
        ChangeContext changes, CommandContext context, ImportScheme scheme, IReadOnlyList<KeyImport> imports)
    {
        if (ImportSchemes.Require(changes, context, scheme, "scheme") is { } refusedScheme)
            return refusedScheme;
        // All faults of all imports are reported at once, so that a repeated import needs one correction.
        var made = imports.Select(import => Make(changes, context, scheme, import)).ToList();
        if (made.Select(static each => each.Fault).FirstOrDefault(static fault => fault is { Fields.Count: 0 }) is { } whole)
            return whole;
        List<FieldFault> faults = [.. made.SelectMany(static each => each.Fault?.Fields ?? [])];
        if (faults.Count > 0)
            return Fault.Invalid(faults);
        if (Duplicates(changes, context, imports) is { } duplicates)
            return duplicates;
        List<ApiKey> keys = [.. made.Select(static each => each.Value)];
        if (!changes.DryRun)
        {
            foreach (var (key, import) in keys.Zip(imports))
                IssueKey.Store(changes, context, key, import.Digest, scheme);
        }

        var shape = new ListPage<Contracts.Keys.ApiKey>
        {
            Data = [.. keys.Select(key => KeyShapes.Of(key, context.Now))], ListMetadata = new ListMetadata(null, null),
        };
        return changes.DryRun
            ? Answer.Ok(shape, WarderJson.Wire.ListPageApiKey)
            : Answer.Created(shape, WarderJson.Wire.ListPageApiKey);
    }

    private static Result<ApiKey> Make(ChangeContext changes, CommandContext context, ImportScheme scheme, KeyImport import)
    {
        var owner = OwnerOf(changes, context, import);
        return owner.Fault is { } fault
            ? fault
            : IssueKey.Make(
                changes, context, owner.Value.Owner, owner.Value.Ceiling, import.Key, $"{scheme.Prefix}...{import.LastFour}", import.Path);
    }

    private static Fault? Duplicates(ChangeContext changes, CommandContext context, IReadOnlyList<KeyImport> imports)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        List<FieldFault> faults =
        [
            .. imports
                .Where(
                    import => !seen.Add(Convert.ToHexString(import.Digest))
                        || KeyTable.DigestTaken(context.Session, changes.Environment, import.Digest))
                .Select(
                    import => new FieldFault(
                        import.Path + "value_sha256", "api_key_already_imported", "A key with this digest is here already.")),
        ];
        return faults.Count == 0
            ? null
            : Fault.Conflict(
                "api_key_already_imported", "Keys with these digests are here already. Nothing was imported.") with { Fields = faults };
    }

    private static Result<(Owner<string, MemberIds> Owner, Ceiling Ceiling)> OwnerOf(
        ChangeContext changes, CommandContext context, KeyImport import)
    {
        var organizationId = import.OrganizationId ?? import.OwnerId;
        if (OrganizationTable.Find(context.Session, changes.Environment, organizationId) is null)
            return Fault.Field(
                import.Path + (import.OrganizationId is null ? "owner.id" : "owner.organization_id"), "not_found",
                "There is no such organization.");
        if (import.OwnerType == "organization")
            return (KeyOwner.OfOrganization(import.OwnerId), Ceiling.OfOrganization);
        if (UserTable.Find(context.Session, changes.Environment, import.OwnerId) is null)
            return Fault.Field(import.Path + "owner.id", "not_found", "There is no such user.");
        if (MembershipTable.Find(context.Session, changes.Environment, import.OwnerId, organizationId)
            is not { Status: MembershipStatus.Active } membership)
            return Fault.Field(
                import.Path + "owner.organization_id", "no_active_membership", "The user has no active membership in this organization.");
        return (KeyOwner.OfMember(membership), Ceiling.OfMember(RoleTable.Get(context.Session, changes.Environment, membership.RoleId)));
    }
}
