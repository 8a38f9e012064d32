using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Warder.Cli.Nouns;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;

namespace Warder.Cli;

/// <summary>Builds and runs the whole command line: nouns, their commands, and the global options.</summary>
internal static class CommandLine
{
    /// <summary>The time that a command may take to end after a signal: a server completes its open requests.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Parses and runs a command line.</summary>
    /// <returns>The exit code of the process, one of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Shell shell)
    {
        // No response files: a key's name may begin with @.
        // Without arguments there is no command to run: show the help, and fail as for every incomplete command line.
        var isBare = args.Length == 0;
        var parsed = Build(shell).Parse(isBare ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is null or ParseErrorAction)
            return Failures.ReportUsage(shell, parsed);
        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = shell.Out,
            Error = shell.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = ShutdownTimeout,
        });
        return isBare ? ExitCode.Usage : code;
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
            ConfigCommands.Build(shell),
            DoctorCommand.Build(shell),
            CompletionCommand.Build(shell),
        };
        foreach (var option in GlobalOptions.Create())
            root.Add(option);
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
