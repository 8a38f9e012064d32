using Warder.Contracts.Keys;
using Warder.Contracts.Lists;
using Warder.Core.Management;
using Warder.Server.Http;

namespace Warder.Server.Imports;

/// <summary>The routes of import schemes.</summary>
internal static class ImportRoutes
{
    private const string One = "/import_schemes/{id}";

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Create<ImportScheme, RegisteredScheme>(
            "/import_schemes", Rights.KeysWrite, "Add an import scheme", ImportSchemeCalls.Create),
        Route.Get<ListPage<RegisteredScheme>>(
            "/import_schemes", Rights.KeysRead, "List the import schemes: all of them", ImportSchemeCalls.List),
        Route.Get<RegisteredScheme>(One, Rights.KeysRead, "Show an import scheme", ImportSchemeCalls.Show),
        Route.Delete(
            One, Rights.KeysWrite, "Remove an import scheme that no key uses", ImportSchemeCalls.Delete) with { DryRun = false },
    ];
}
