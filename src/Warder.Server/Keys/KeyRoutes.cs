using Warder.Contracts.Keys;
using Warder.Contracts.Lists;
using Warder.Core.Management;
using Warder.Server.Http;
using Warder.Server.Verification;

namespace Warder.Server.Keys;

/// <summary>The routes of API keys.</summary>
internal static class KeyRoutes
{
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Create<IssueKeyRequest, ApiKey>(
            "/organizations/{organizationId}/api_keys", Rights.KeysWrite, "Issue a key to an organization", KeyCalls.IssueToOrganization),
        Route.List<ApiKey>(
            "/organizations/{organizationId}/api_keys", Rights.KeysRead, "List an organization's own keys", ListKeys.OfOrganization),
        Route.Create<IssueKeyRequest, ApiKey>(
            "/user_management/users/{userId}/api_keys", Rights.KeysWrite, "Issue a key to a user in an organization", KeyCalls.IssueToUser),
        Route.List<ApiKey>(
            "/user_management/users/{userId}/api_keys", Rights.KeysRead, "List a user's keys", ListKeys.OfUser,
            new QueryField("organization_id", "Only those in this organization.")),
        ValidateKey.One,
        ValidateKey.Batch,
        Route.List<ApiKey>("/api_keys", Rights.KeysRead, "List all keys", ListKeys.All, ListKeys.Filters),
        Route.Create<ImportKeysRequest, ListPage<ApiKey>>(
            "/api_keys/imports", Rights.KeysWrite, "Import keys that another system issued, by digest",
            ImportCalls.Import) with { DryRun = true },
        Route.Get<ApiKey>("/api_keys/{id}", Rights.KeysRead, "Show a key", ShowKey.Run),
        Route.Change<UpdateKeyRequest, ApiKey>("PATCH", "/api_keys/{id}", Rights.KeysWrite, "Change a key", KeyCalls.Update),
        Route.Change<RotateKeyRequest, ApiKey>(
            "POST", "/api_keys/{id}/rotate", Rights.KeysWrite, "Give a key a new secret", KeyCalls.Rotate) with { Idempotent = true },
        Route.Change<ExpireKeyRequest, ApiKey>(
            "POST", "/api_keys/{id}/expire", Rights.KeysWrite, "Expire a key now or later",
            KeyCalls.Expire) with { DryRun = true, Ends = true },
        Route.Change<ReasonRequest, ApiKey>(
            "POST", "/api_keys/{id}/revoke", Rights.KeysWrite, "Revoke a key", KeyCalls.Revoke) with { DryRun = true, Ends = true },
        Route.Change<ReasonRequest, ApiKey>(
            "POST", "/api_keys/{id}/suspend", Rights.KeysWrite, "Suspend a key", KeyCalls.Suspend) with { Ends = true },
        Route.Change<ReasonRequest, ApiKey>("POST", "/api_keys/{id}/resume", Rights.KeysWrite, "Resume a suspended key", KeyCalls.Resume),
        Route.Delete("/api_keys/{id}", Rights.KeysWrite, "Delete a key", KeyCalls.Delete),
        Route.Delete("/api_keys/{id}/secrets/{secretId}", Rights.KeysWrite, "End one secret of a key", KeyCalls.EndSecret)
            with { DryRun = false },
    ];
}
