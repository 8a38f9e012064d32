using System.CommandLine;
using System.Text.Json.Nodes;
using Warder.Cedar;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Validation;
using Warder.Cli.Commands;
using Warder.Cli.Nouns;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;

namespace Warder.Cli.Policies;

/// <summary><c>warder policy check</c></summary>
internal static class CheckPolicies
{
    public static Command Build(Shell shell)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Policies: files (JSON if named *.json), directories with .cedar files, patterns.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var schema = PolicyCommands.SchemaOption();
        var entities = PolicyCommands.EntitiesOption();
        var level = Arguments.Number(
            "--level", "The most steps from the request that policies may take to read entities. [default: unlimited]");
        return new CliCommand(
            "check",
            "Checks policies, a schema and entities: that each can be read, and that policies and entities fit the schema. "
                + "Exit code 1 if one does not.",
            "warder policy check photos.cedar --schema photos.cedarschema",
            "warder policy check 'policies/**/*.cedar' --schema app.cedarschema --entities entities.json --level 1")
        {
            files, schema, entities, level,
        }
        .Does(shell, call =>
        {
            var paths = call.Parsed.GetValue(files)!;
            var (schemaPath, entitiesPath) = (call.Parsed.GetValue(schema), call.Parsed.GetValue(entities));
            if (paths.Length == 0 && schemaPath is null && entitiesPath is null)
                throw new UsageException("Give files with policies, --schema FILE or --entities FILE.");
            if (call.Parsed.GetValue(level) is not null && (schemaPath is null || paths.Length == 0))
                throw new UsageException("--level needs policies and --schema FILE.");
            var reader = new PolicyReader(shell);
            var measure = schemaPath is null ? null : reader.ReadSchema(schemaPath);
            var policies = paths.Length == 0 ? PolicySet.Empty : reader.ReadPolicies(paths);
            if (policies is not null && measure is not null)
                Report(reader, Validator.Validate(policies, measure, call.Parsed.GetValue(level)));
            // A schema determines how entities are read. Without the given one, the reader would report errors that are not there.
            if (entitiesPath is not null && (schemaPath is null || measure is not null))
                reader.ReadEntities(entitiesPath, measure);
            return Task.FromResult(Show(call, reader, policies));
        });
    }

    private static void Report(PolicyReader reader, ValidationResult result) => reader.Report([.. result.Errors, .. result.Warnings]);

    private static int Show(Invocation call, PolicyReader reader, PolicySet? policies)
    {
        var found = reader.Diagnostics.ToLookup(diagnostic => diagnostic.Severity);
        var (errors, warnings) = (found[Severity.Error].ToList(), found[Severity.Warning].ToList());
        if (call.IsJson)
        {
            call.Print(new JsonObject
            {
                ["valid"] = errors.Count == 0,
                ["policies"] = policies?.Policies.Count,
                ["templates"] = policies?.Templates.Count,
                ["errors"] = DiagnosticText.Json(errors),
                ["warnings"] = DiagnosticText.Json(warnings),
            });
        }
        else
        {
            DiagnosticText.Print(call.Shell.Out, [.. warnings, .. errors]);
            var count = policies is null ? 0 : policies.Policies.Count + policies.Templates.Count;
            var read = policies is null ? "" : Printer.Count(count, "policy", "policies") + ", ";
            call.Shell.Out.WriteLine($"{read}{Printer.Count(errors.Count, "error")}, {Printer.Count(warnings.Count, "warning")}.");
        }

        return errors.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
    }
}
