using Warder.Contracts;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Server.Keys;

/// <summary>What a new key shall be.</summary>
internal sealed record KeyRequest(string Name, IReadOnlyList<string> Permissions, Instant? ExpiresAt, string? Purpose, string? ResponsibleUserId)
{
    /// <summary>Reads the members that every way of making a key has.</summary>
    public static KeyRequest Read(JsonFields fields) => new(
        fields.Text("name", Limits.NameCharacters),
        fields.OptionalTexts("permissions", Limits.PermissionsPerKey, Limits.SlugCharacters) ?? [],
        fields.OptionalTime("expires_at"),
        fields.OptionalText("purpose", Limits.PurposeCharacters),
        fields.OptionalText("responsible_user_id", 64));
}

/// <summary>Issues keys to organizations and to users in them.</summary>
internal static class IssueKey
{
    public static async Task<Result<Answer>> ForOrganization(Call call)
    {
        var fields = call.Body();
        var request = KeyRequest.Read(fields);
        if (fields.Fault() is { } fault)
            return fault;
        var organizationId = call.Route("organizationId");
        return await call.Change(context => OrganizationTable.Find(context.Session, call.Environment, organizationId) is null
            ? Fault.NotFound("Organization")
            : Issue(call, context, KeyOwner.OfOrganization(organizationId), Ceiling.OfOrganization, request));
    }

    public static async Task<Result<Answer>> ForUser(Call call)
    {
        var fields = call.Body();
        var request = KeyRequest.Read(fields);
        var organizationId = fields.Text("organization_id", 64);
        if (fields.Fault() is { } fault)
            return fault;
        var userId = call.Route("userId");
        return await call.Change(context =>
        {
            if (UserTable.Find(context.Session, call.Environment, userId) is null)
                return Fault.NotFound("User");
            if (OrganizationTable.Find(context.Session, call.Environment, organizationId) is null)
                return Fault.Field("organization_id", "not_found", "There is no such organization.");
            if (MembershipTable.Find(context.Session, call.Environment, userId, organizationId) is not { Status: MembershipStatus.Active } membership)
                return Fault.Field("organization_id", "no_active_membership", "The user has no active membership in this organization.");
            var role = RoleTable.Get(context.Session, call.Environment, membership.RoleId);
            return Issue(call, context, KeyOwner.OfMember(membership), Ceiling.OfMember(role), request);
        });
    }

    private static Result<Answer> Issue(Call call, CommandContext context, Owner<string, MemberIds> owner, Ceiling ceiling, KeyRequest request)
    {
        var token = TokenFormat.Issue(call.Node.Environments[call.Environment].Info.KeyPrefix, call.Node.Entropy);
        var made = Make(call, context, owner, ceiling, request, TokenFormat.Obfuscate(token), "");
        if (made.Fault is { } fault)
            return fault;
        Store(call, context, made.Value, token.Digest());
        return Answer.Created(KeyShapes.Of(made.Value, context.Now, token.Reveal()), WarderJson.Wire.ApiKey);
    }

    /// <summary>Decides what a new key is, or why it cannot be.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="context">The transaction.</param>
    /// <param name="owner">Who it acts for.</param>
    /// <param name="ceiling">What the owner may have.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="obfuscatedValue">What people recognize its secret by.</param>
    /// <param name="path">Where in the body the request stands, for faults: <c>api_keys[3].</c></param>
    public static Result<ApiKey> Make(
        Call call, CommandContext context, Owner<string, MemberIds> owner, Ceiling ceiling, KeyRequest request, string obfuscatedValue, string path)
    {
        if (request.ExpiresAt is { } end && end <= context.Now)
            return Fault.Field(path + "expires_at", "must_be_future", "Must be in the future.");
        if (IssueCap.Refuse(call, context, request.ExpiresAt, path + "expires_at") is { } outlived)
            return outlived;
        var permissions = ceiling.Resolve(request.Permissions, slug => context.Access.Permission(context.Session, call.Environment, slug));
        if (permissions.Fault is { } fault)
            return Fault.Invalid([.. fault.Fields.Select(field => field with { Field = path + field.Field })]);
        if (ResponsibleUser(call, context, request, path) is { } unknown)
            return unknown;
        var id = call.NewId(IdKind.ApiKey, context);
        return new ApiKey
        {
            Id = id,
            Environment = call.Environment,
            Owner = owner,
            Name = request.Name,
            Purpose = request.Purpose,
            ResponsibleUserId = request.ResponsibleUserId ?? call.Origin.OnBehalfOf,
            CreatedBy = call.Caller.ManagementKeyId ?? "system",
            PermissionSetId = context.Access.Intern(context.Session, call.Environment, permissions.Value),
            Permissions = permissions.Value,
            EffectivePermissions = permissions.Value,
            State = KeyState.Live,
            OwnerStanding = OwnerStanding.Active,
            ExpiresAt = request.ExpiresAt,
            Secrets =
            [
                new KeySecret
                {
                    Id = call.NewId(IdKind.Secret, context), Number = 1, ObfuscatedValue = obfuscatedValue, CreatedAt = context.Now,
                },
            ],
            CreatedAt = context.Now,
            UpdatedAt = context.Now,
        };
    }

    /// <summary>Writes a new key with its event.</summary>
    public static void Store(Call call, CommandContext context, ApiKey key, byte[] digest, ImportScheme? scheme = null)
    {
        KeyTable.Insert(context.Session, key, digest, scheme);
        call.Append(
            context, EventTypes.ApiKeyCreated, EventData.Of(KeyShapes.Of(key, context.Now), WarderJson.Wire.ApiKey), key.Owner.Organization);
    }

    private static Fault? ResponsibleUser(Call call, CommandContext context, KeyRequest request, string path)
    {
        var (field, id) = request.ResponsibleUserId is { } given ? (path + "responsible_user_id", given) : (EventOrigin.OnBehalfOfHeader, call.Origin.OnBehalfOf);
        return id is null || UserTable.Find(context.Session, call.Environment, id) is not null
            ? null
            : Fault.Field(field, "not_found", "There is no such user.");
    }
}
