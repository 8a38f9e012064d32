using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Warder.Cli.Commands;

namespace Warder.Cli.Output;

/// <summary>Prints the standard help, and below it examples to copy.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var examples = parseResult.CommandResult.Command is CliCommand command ? command.Examples : RootExamples;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return ExitCode.Ok;
    }

    private static readonly string[] RootExamples =
    [
        "warder serve --data ./data",
        "warder organizations create --name Acme",
        "warder keys create --org org_… --name Production --permission posts:read",
        "warder keys validate < secret.txt",
        "warder keys revoke api_key_… --reason leaked",
    ];
}
