using System.CommandLine;
using Warder.Cedar;
using Warder.Cedar.Schemas;
using Warder.Cedar.Validation;
using Warder.Cedar.Values;
using Warder.Cli.Commands;
using Warder.Cli.Nouns;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;

namespace Warder.Cli.Policies;

/// <summary><c>warder policy explain</c></summary>
internal static class ExplainRequest
{
    public static Command Build(Shell shell)
    {
        var principal = Arguments.Required("--principal", "The principal: User::\"alice\".", "UID");
        var action = Arguments.Required("--action", "The action: Action::\"view\".", "UID");
        var resource = Arguments.Required("--resource", "The resource: Photo::\"1\".", "UID");
        var context = Arguments.Text("--context", "The context: a JSON object, or a file that contains it.", "FILE|JSON");
        var policies = new Option<string[]>("--policies")
        {
            Description = "Policies: a file (JSON if named *.json), a directory with .cedar files, a pattern; repeat for more.",
            HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = true,
        };
        var entities = PolicyCommands.EntitiesOption();
        var schema = PolicyCommands.SchemaOption();
        var all = new Option<bool>("--all") { Description = "Show every policy." };
        return new CliCommand(
            "explain",
            "Decides one request and explains the decision: the policies in scope, and the part of a condition that settles each. "
                + "Exit code 1 if it is denied.",
            "warder policy explain --policies photos.cedar --entities entities.json --principal 'User::\"alice\"' "
                + "--action 'Action::\"view\"' --resource 'Photo::\"1\"'",
            "warder policy explain --policies policies/ --principal 'User::\"bob\"' "
                + "--action 'Action::\"edit\"' --resource 'Photo::\"1\"' --context context.json --json")
        {
            principal, action, resource, context, policies, entities, schema, all,
        }
        .Does(shell, call =>
        {
            var (principalUid, actionUid) = (Uid(call, principal), Uid(call, action));
            var resourceUid = Uid(call, resource);
            var reader = new PolicyReader(shell);
            var measure = call.Parsed.GetValue(schema) is { } path ? reader.ReadSchema(path) : null;
            var set = reader.ReadPolicies(call.Parsed.GetValue(policies)!);
            if (reader.HasErrors)
                return Task.FromResult(Refuse(call, reader));
            var known = call.Parsed.GetValue(entities) is { } file ? reader.ReadEntities(file, measure) : Cedar.Entities.Empty;
            var circumstances = Context(shell, reader, call.Parsed.GetValue(context), actionUid, measure);
            if (reader.HasErrors)
                return Task.FromResult(Refuse(call, reader));
            var request = new Request(principalUid, actionUid, resourceUid, circumstances);
            if (measure is not null)
                reader.Report(Validator.Validate(request, measure).Errors);
            return Task.FromResult(reader.HasErrors
                ? Refuse(call, reader)
                : Show(call, Authorizer.Explain(set!, request, known!), call.Parsed.GetValue(all)));
        });
    }

    private static EntityUid Uid(Invocation call, Option<string> option)
        => EntityUid.TryParse(call.Parsed.GetValue(option), out var uid)
            ? uid
            : throw new UsageException(
                $"{option.Name}: \"{call.Parsed.GetValue(option)}\" is not an entity's name. Write it as policies do: User::\"alice\".");

    private static CedarRecord? Context(Shell shell, PolicyReader reader, string? given, EntityUid action, Schema? schema)
    {
        if (given?.TrimStart().StartsWith('{') != false)
            return reader.ReadContext(given ?? "{}", "--context", action, schema);
        return reader.ReadContext(TextFile.Read(shell, given), given, action, schema);
    }

    private static int Refuse(Invocation call, PolicyReader reader)
    {
        DiagnosticText.Print(call.Shell.Error, reader.Diagnostics);
        return ExitCode.Refused;
    }

    private static int Show(Invocation call, Explanation explanation, bool isAll)
    {
        if (call.IsJson)
        {
            call.Print(ExplanationText.Json(explanation));
        }
        else
        {
            DiagnosticText.Lines(call.Shell.Out, ExplanationText.Sentence(explanation.Decision));
            call.Shell.Out.WriteLine();
            ExplanationText.Print(call.Shell.Out, explanation, isAll);
            ExplanationText.PrintOutOfScope(call.Shell.Out, explanation, isAll);
        }

        return explanation.Decision.IsAllowed ? ExitCode.Ok : ExitCode.Refused;
    }
}
