namespace Warder.Server.Http;

/// <summary>The limits on the content of a request. A request beyond one gets a 4xx that names the limit.</summary>
internal static class Limits
{
    public const int BodyBytes = 1 << 20;
    public const int JsonDepth = 16;
    public const int HeaderBytes = 16 * 1024;
    public const int RequestLineBytes = 8 * 1024;
    public const int NameCharacters = 200;
    public const int PurposeCharacters = 500;
    public const int ReasonCharacters = 500;
    public const int ValueCharacters = Engine.Verification.ValidationLimits.ValueCharacters;
    public const int PermissionsPerKey = Core.Verification.PermissionMask.Capacity;
    public const int PermissionsPerRole = Engine.Access.RolePermissions.MostPermissions;
    public const int PermissionsPerValidation = 64;
    public const int ValidationsPerBatch = 100;
    public const int ImportsPerCall = 100;
    public const int SchemeLength = 256;
    public const int EmailCharacters = 254;
    public const int ExternalIdCharacters = 128;
    public const int MetadataPairs = Core.Directory.MetadataPairs.Max;
    public const int DomainsPerOrganization = 100;
    public const int MetadataNameCharacters = 40;
    public const int MetadataValueCharacters = 600;
    public const int SlugCharacters = Core.Access.Permission.MaxSlugCharacters;
    public const int LabelCharacters = 48;
    public const int DescriptionCharacters = 150;
    public const int OverlapSeconds = 2_592_000;
    public const int DefaultOverlapSeconds = 86_400;
    public const int PageItems = 100;
    public const int DefaultPageItems = 10;
    public const int QueryCharacters = 2_000;
    public const int SearchCharacters = NameCharacters;
    public const int IdempotencyKeyCharacters = 255;
    public const int EventTypesPerList = 50;
    public const int ErrorFields = 100;
    public const int FormFields = 50;
    public const int FormNameCharacters = 100;

    public const int PreloadedKeysPerPage = 1_000;
    public const int PreloadedPageBytes = 1 << 20;
}
