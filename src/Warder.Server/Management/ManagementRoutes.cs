using Warder.Contracts.Keys;
using Warder.Contracts.Management;
using Warder.Core.Management;
using Warder.Server.Http;
using ManagementKey = Warder.Contracts.Management.ManagementKey;

namespace Warder.Server.Management;

/// <summary>The routes of management keys and environments.</summary>
internal static class ManagementRoutes
{
    private const string Key = "/management_keys/{id}";

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Create<CreateManagementKeyRequest, ManagementKey>(
            "/management_keys", Rights.ManagementWrite, "Create a management key", ManagementKeyCalls.Create),
        Route.List<ManagementKey>("/management_keys", Rights.ManagementRead, "List management keys", ManagementKeyCalls.List),
        Route.Get<ManagementKey>(Key, Rights.ManagementRead, "Show a management key", ManagementKeyCalls.Show),
        Route.Change<UpdateManagementKeyRequest, ManagementKey>(
            "PATCH", Key, Rights.ManagementWrite, "Change a management key", ManagementKeyCalls.Update),
        Route.Change<RotateKeyRequest, ManagementKey>(
            "POST", Key + "/rotate", Rights.ManagementWrite, "Give a management key a new secret",
            ManagementKeyCalls.Rotate) with { Idempotent = true },
        Route.Change<ReasonRequest, ManagementKey>(
            "POST", Key + "/revoke", Rights.ManagementWrite, "Revoke a management key", ManagementKeyCalls.Revoke) with { Ends = true },
        Route.Delete(Key, Rights.ManagementWrite, "Delete a management key", ManagementKeyCalls.Delete) with { DryRun = false },
        Route.Delete(
            Key + "/secrets/{secretId}", Rights.ManagementWrite, "End one secret of a management key",
            ManagementKeyCalls.EndSecret) with { DryRun = false },

        Route.Create<CreateEnvironmentRequest, WarderEnvironment>(
            "/environments", Rights.EnvironmentsWrite, "Create an environment with its first management key", EnvironmentCalls.Create),
        Route.List<WarderEnvironment>("/environments", Rights.EnvironmentsRead, "List environments", EnvironmentCalls.List),
        Route.Get<WarderEnvironment>("/environments/{id}", Rights.EnvironmentsRead, "Show an environment", EnvironmentCalls.Show),
        Route.Change<UpdateEnvironmentRequest, WarderEnvironment>(
            "PATCH", "/environments/{id}", Rights.EnvironmentsWrite, "Change an environment", EnvironmentCalls.Update),
    ];
}
