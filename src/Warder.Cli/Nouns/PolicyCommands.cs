using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Policies;
using Warder.Cli.Shells;

namespace Warder.Cli.Nouns;

/// <summary><c>warder policy</c></summary>
internal static class PolicyCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "policy",
        "Policies in the Cedar language, in files: check, test, explain. Needs no server.",
        "warder policy check policies/ --schema app.cedarschema",
        "warder policy test tests.yaml")
    {
        CheckPolicies.Build(shell),
        TestPolicies.Build(shell),
        ExplainRequest.Build(shell),
    }
    .Alias("policies");

    /// <summary>Creates <c>--schema</c>.</summary>
    public static Option<string?> SchemaOption() => Arguments.Text("--schema", "The schema (JSON if named *.json).", "FILE");

    /// <summary>Creates <c>--entities</c>.</summary>
    public static Option<string?> EntitiesOption() => Arguments.Text("--entities", "The entities, in JSON.", "FILE");
}
