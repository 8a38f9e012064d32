using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Server.Http;
using Warder.Server.Imports;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Server.Keys;

/// <summary>
/// Imports keys that another system issued, by the SHA-256 of their values. Their holders keep their values, and no plaintext reaches
/// Warder.
/// </summary>
internal static class ImportKeys
{
    private const int LastFourCharacters = 4;

    private sealed record Import(
        string Path, byte[] Digest, string LastFour, string OwnerType, string OwnerId, string? OrganizationId, KeyRequest Key);

    public static async Task<Result<Answer>> Run(Call call)
    {
        var fields = call.Body();
        var members = fields.Object("scheme");
        var scheme = ImportSchemes.Read(members);
        members.Unknown();
        var imports = fields.Objects("api_keys", Limits.ImportsPerCall).Select((item, i) => ReadImport(item, $"api_keys[{i}].")).ToList();
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context => Write(call, context, scheme, imports));
    }

    private static Import ReadImport(JsonFields fields, string path)
    {
        var hex = fields.Text("value_sha256", 64);
        var digest = hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : [];
        if (digest.Length == 0 && hex.Length > 0)
            fields.Refuse("value_sha256", "invalid_format", "Must be 64 hexadecimal digits.");
        var lastFour = fields.Text("last_four", LastFourCharacters);
        if (lastFour.Length is > 0 and < LastFourCharacters || lastFour.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            fields.Refuse("last_four", "invalid_format", "Must be the value's last four characters.");
        var owner = fields.Object("owner");
        var type = owner.Text("type", 16);
        if (type is not ("organization" or "user" or ""))
            owner.Refuse("type", "invalid_value", "Must be organization or user.");
        var ownerId = owner.Text("id", 64);
        var organizationId = owner.OptionalText("organization_id", 64);
        if (type is "organization" && organizationId is not null)
            owner.Refuse("organization_id", "invalid_value", "An organization's key names the organization as its owner only.");
        if (type == "user" && organizationId is null)
            owner.Refuse("organization_id", "required", "Must be given for a user's key.");
        owner.Unknown();
        var import = new Import(path, digest, lastFour, type, ownerId, organizationId, KeyRequest.Read(fields));
        fields.Unknown();
        return import;
    }

    private static Result<Answer> Write(Call call, CommandContext context, ImportScheme scheme, List<Import> imports)
    {
        if (ImportSchemes.Require(call, context, scheme, "scheme") is { } refusedScheme)
            return refusedScheme;
        if (Duplicates(call, context, imports) is { } duplicates)
            return duplicates;
        var keys = new List<ApiKey>(imports.Count);
        foreach (var import in imports)
        {
            var owner = OwnerOf(call, context, import);
            if (owner.Fault is { } fault)
                return fault;
            var made = IssueKey.Make(
                call, context, owner.Value.Owner, owner.Value.Ceiling, import.Key, $"{scheme.Prefix}...{import.LastFour}", import.Path);
            if (made.Fault is { } refused)
                return refused;
            IssueKey.Store(call, context, made.Value, import.Digest, scheme);
            keys.Add(made.Value);
        }

        var shape = new ListPage<Contracts.Keys.ApiKey>
        {
            Data = [.. keys.Select(key => KeyShapes.Of(key, context.Now))], ListMetadata = new ListMetadata(null, null),
        };
        return Answer.Created(shape, WarderJson.Wire.ListPageApiKey);
    }

    // Reports all duplicates at once, so that a repeated import needs one correction.
    private static Fault? Duplicates(Call call, CommandContext context, List<Import> imports)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        List<FieldFault> faults =
        [
            .. imports
                .Where(
                    import => !seen.Add(Convert.ToHexString(import.Digest))
                        || KeyTable.DigestTaken(context.Session, call.Environment, import.Digest))
                .Select(
                    import => new FieldFault(
                        import.Path + "value_sha256", "api_key_already_imported", "A key with this digest is here already.")),
        ];
        return faults.Count == 0
            ? null
            : Fault.Conflict(
                "api_key_already_imported", "Keys with these digests are here already. Nothing was imported.") with { Fields = faults };
    }

    private static Result<(Owner<string, MemberIds> Owner, Ceiling Ceiling)> OwnerOf(Call call, CommandContext context, Import import)
    {
        var organizationId = import.OrganizationId ?? import.OwnerId;
        if (OrganizationTable.Find(context.Session, call.Environment, organizationId) is null)
            return Fault.Field(
                import.Path + (import.OrganizationId is null ? "owner.id" : "owner.organization_id"), "not_found",
                "There is no such organization.");
        if (import.OwnerType == "organization")
            return (KeyOwner.OfOrganization(import.OwnerId), Ceiling.OfOrganization);
        if (UserTable.Find(context.Session, call.Environment, import.OwnerId) is null)
            return Fault.Field(import.Path + "owner.id", "not_found", "There is no such user.");
        if (MembershipTable.Find(context.Session, call.Environment, import.OwnerId, organizationId)
            is not { Status: MembershipStatus.Active } membership)
            return Fault.Field(
                import.Path + "owner.organization_id", "no_active_membership", "The user has no active membership in this organization.");
        return (KeyOwner.OfMember(membership), Ceiling.OfMember(RoleTable.Get(context.Session, call.Environment, membership.RoleId)));
    }
}
