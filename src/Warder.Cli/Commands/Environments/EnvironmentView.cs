using System.Globalization;
using Warder.Cli.Output;
using Warder.Contracts.Management;

namespace Warder.Cli.Commands.Environments;

/// <summary>Environments as people see them.</summary>
internal static class EnvironmentView
{
    public static readonly IReadOnlyList<Field<WarderEnvironment>> Fields =
    [
        new("id", environment => environment.Id, InList: true),
        new("name", environment => environment.Name, InList: true),
        new("key_prefix", environment => environment.KeyPrefix, InList: true),
        new("cap_issued_keys", environment => environment.CapIssuedKeys ? "yes" : "no"),
        new("required_level", environment => environment.RequiredLevel.ToString(CultureInfo.InvariantCulture)),
        new("created_at", environment => Shown.Time(environment.CreatedAt), InList: true),
        new("updated_at", environment => Shown.Time(environment.UpdatedAt)),
    ];
}
