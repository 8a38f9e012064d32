using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Warder.Cli.Nouns;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;

namespace Warder.Cli;

/// <summary>The whole command line: nouns, their verbs, and the options that all of them have.</summary>
internal static class CommandLine
{
    /// <summary>How long a verb may take to end when the process is told to: a server finishes what it has begun.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Parses and runs; the result is the process's exit code, one of <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] args, Shell shell)
    {
        // No response files: a key's name may begin with @.
        var parsed = Build(shell).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is null or ParseErrorAction)
            return Failures.ReportUsage(shell, parsed);
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = shell.Out,
            Error = shell.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = ShutdownTimeout,
        });
    }

    internal static RootCommand Build(Shell shell)
    {
        var root = new RootCommand("Warder: the authority for API keys.")
        {
            ServeCommand.Build(shell),
            KeyCommands.Build(shell),
            ImportSchemeCommands.Build(shell),
            OrganizationCommands.Build(shell),
            UserCommands.Build(shell),
            MembershipCommands.Build(shell),
            PermissionCommands.Build(shell),
            RoleCommands.Build(shell),
            ManagementKeyCommands.Build(shell),
            EnvironmentCommands.Build(shell),
            RootKeyCommands.Build(shell),
            EventCommands.Build(shell),
            ReceiptCommands.Build(shell),
            SigningKeyCommands.Build(shell),
            PolicyCommands.Build(shell),
            NodeCommands.Build(shell),
            DrillCommands.Build(shell),
            MigrateDataCommand.Build(shell),
            HealthCommand.Build(shell),
            CompletionCommand.Build(shell),
        };
        foreach (var option in GlobalOptions.Create())
            root.Add(option);
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
