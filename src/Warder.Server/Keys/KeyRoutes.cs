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
            "/organizations/{organizationId}/api_keys", Rights.KeysWrite, "Issue a key to an organization", IssueKey.ForOrganization),
        Route.Get<ListPage<ApiKey>>(
            "/organizations/{organizationId}/api_keys", Rights.KeysRead, "List an organization's own keys", ListKeys.OfOrganization),
        Route.Create<IssueKeyRequest, ApiKey>(
            "/user_management/users/{userId}/api_keys", Rights.KeysWrite, "Issue a key to a user in an organization", IssueKey.ForUser),
        Route.Get<ListPage<ApiKey>>("/user_management/users/{userId}/api_keys", Rights.KeysRead, "List a user's keys", ListKeys.OfUser),
        ValidateKey.One,
        ValidateKey.Batch,
        Route.Get<ListPage<ApiKey>>("/api_keys", Rights.KeysRead, "List all keys", ListKeys.All),
        Route.Create<ImportKeysRequest, ListPage<ApiKey>>(
            "/api_keys/imports", Rights.KeysWrite, "Import keys that another system issued, by digest", ImportKeys.Run),
        Route.Get<ApiKey>("/api_keys/{id}", Rights.KeysRead, "Show a key", ShowKey.Run),
        Route.Change<UpdateKeyRequest, ApiKey>("PATCH", "/api_keys/{id}", Rights.KeysWrite, "Change a key", UpdateKey.Run),
        Route.Change<RotateKeyRequest, ApiKey>(
            "POST", "/api_keys/{id}/rotate", Rights.KeysWrite, "Give a key a new secret", RotateKey.Run) with { Idempotent = true },
        Route.Change<ExpireKeyRequest, ApiKey>(
            "POST", "/api_keys/{id}/expire", Rights.KeysWrite, "Expire a key now or later",
            ExpireKey.Run) with { DryRun = true, Ends = true },
        Route.Change<ReasonRequest, ApiKey>(
            "POST", "/api_keys/{id}/revoke", Rights.KeysWrite, "Revoke a key", EndKey.Revoke) with { DryRun = true, Ends = true },
        Route.Change<ReasonRequest, ApiKey>(
            "POST", "/api_keys/{id}/suspend", Rights.KeysWrite, "Suspend a key", SuspendKey.Suspend) with { Ends = true },
        Route.Change<ReasonRequest, ApiKey>("POST", "/api_keys/{id}/resume", Rights.KeysWrite, "Resume a suspended key", SuspendKey.Resume),
        Route.Delete("/api_keys/{id}", Rights.KeysWrite, "Delete a key", EndKey.Delete),
    ];
}
