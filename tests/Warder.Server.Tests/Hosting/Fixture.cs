namespace Warder.Server.Tests.Hosting;

/// <summary>Holds one resource of each kind in an environment, so that every route has ids to call it with.</summary>
internal sealed record Fixture
{
    public required string ManagementKey { get; init; }

    public required string ManagementKeyId { get; init; }

    public required string Organization { get; init; }

    public required string OrganizationExternalId { get; init; }

    public required string User { get; init; }

    public required string UserExternalId { get; init; }

    public required string Membership { get; init; }

    public required string Permission { get; init; }

    public required string Role { get; init; }

    public required string RolePermissionId { get; init; }

    public required string RoleId { get; init; }

    public required string Key { get; init; }

    public required string KeyValue { get; init; }

    public required string UserKey { get; init; }

    public required string Event { get; init; }

    public required string Receipt { get; init; }

    public required string ImportScheme { get; init; }

    /// <summary>Creates one resource of each kind with a management key; names and slugs carry a suffix of their own.</summary>
    public static async Task<Fixture> MakeAsync(RunningWarder warder, string key, string suffix)
    {
        var organization = (await warder.Post("/organizations", new { name = suffix, external_id = "o-" + suffix }, key)).Is(201).Id;
        var user = (await warder.Post("/user_management/users", new { email = suffix + "@example.com", external_id = "u-" + suffix }, key))
            .Is(201).Id;
        var membership = (await warder.Post(
            "/user_management/organization_memberships", new { user_id = user, organization_id = organization }, key)).Is(201).Id;
        var permission = await warder.Post("/authorization/permissions", new { slug = "p:" + suffix, name = "p" }, key);
        permission.Is(201);
        var role = (await warder.Post("/authorization/roles", new { slug = "r-" + suffix, name = "r" }, key)).Is(201).Id;
        (await warder.Put($"/authorization/roles/r-{suffix}/permissions", new { permissions = new[] { "p:" + suffix } }, key)).Is(200);
        var made = (await warder.Post(
            $"/organizations/{organization}/api_keys", new { name = "k", permissions = new[] { "p:" + suffix } }, key)).Is(201);
        var ofUser = (await warder.Post(
            $"/user_management/users/{user}/api_keys", new { name = "k", organization_id = organization }, key)).Is(201);
        var scheme = (await warder.Post("/import_schemes", new { prefix = $"imp-{suffix}_", length = 32, alphabet = "hex" }, key))
            .Is(201).Id;
        return new Fixture
        {
            ImportScheme = scheme,
            ManagementKey = key,
            ManagementKeyId = (await warder.Get("/management_keys?order=asc", key)).Is(200).Ids[0],
            Organization = organization,
            OrganizationExternalId = "o-" + suffix,
            User = user,
            UserExternalId = "u-" + suffix,
            Membership = membership,
            Permission = "p:" + suffix,
            RolePermissionId = permission.Id,
            Role = "r-" + suffix,
            RoleId = role,
            Key = made.Id,
            KeyValue = made.Value,
            UserKey = ofUser.Id,
            // Listing receipts writes the pending ones, so that the last event stays the last.
            Receipt = (await warder.Get("/receipts", key)).Is(200).Ids[0],
            Event = (await warder.Events(key))[^1].GetProperty("id").GetString()!,
        };
    }

    /// <summary>Ids of the right form that no resource has.</summary>
    public static Fixture Unknown { get; } = new()
    {
        ManagementKey = "",
        ManagementKeyId = "management_key_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        Organization = "org_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        OrganizationExternalId = "o-unknown",
        User = "user_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        UserExternalId = "u-unknown",
        Membership = "om_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        Permission = "p:unknown",
        RolePermissionId = "perm_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        Role = "r-unknown",
        RoleId = "role_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        Key = "api_key_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        KeyValue = "",
        UserKey = "api_key_01KZZZZZZZZZZZZZZZZZZZZZZY",
        Event = "event_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        Receipt = "rcpt_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        ImportScheme = "hex:32:imp-unknown_",
    };

    /// <summary>Returns the id for a parameter of a path.</summary>
    public string For(string pattern, string parameter) => parameter switch
    {
        "organizationId" => Organization,
        "userId" => User,
        "externalId" when pattern.StartsWith("/organizations/", StringComparison.Ordinal) => OrganizationExternalId,
        "externalId" => UserExternalId,
        "permissionSlug" => Permission,
        "slug" when pattern.StartsWith("/authorization/permissions/", StringComparison.Ordinal) => Permission,
        "slug" => Role,
        "secretId" => "secret_01KZZZZZZZZZZZZZZZZZZZZZZZ",
        "id" => pattern.Split('/') switch
        {
            ["", "api_keys", ..] => Key,
            ["", "organizations", ..] => Organization,
            ["", "user_management", "users", ..] => User,
            ["", "user_management", "organization_memberships", ..] => Membership,
            ["", "management_keys", ..] => ManagementKeyId,
            ["", "receipts", ..] => Receipt,
            ["", "import_schemes", ..] => ImportScheme,
            ["", "environments", ..] => "environment_01KZZZZZZZZZZZZZZZZZZZZZZZ",
            _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "Say here whose id this is."),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "Say here what stands for it."),
    };

    /// <summary>Fills in the parameters of a path, except those in the overrides.</summary>
    public string Path(string pattern, IReadOnlyDictionary<string, string>? others = null)
    {
        var path = pattern;
        for (var at = path.IndexOf('{'); at >= 0; at = path.IndexOf('{'))
        {
            var end = path.IndexOf('}');
            var name = path[(at + 1)..end];
            path = path[..at] + (others is not null && others.TryGetValue(name, out var other) ? other : For(pattern, name))
                + path[(end + 1)..];
        }

        return path;
    }
}
