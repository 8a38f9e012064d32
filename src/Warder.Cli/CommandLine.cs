using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Cli.Verbs.Drills;
using Warder.Cli.Verbs.Environments;
using Warder.Cli.Verbs.Events;
using Warder.Cli.Verbs.Health;
using Warder.Cli.Verbs.Imports;
using Warder.Cli.Verbs.Keys;
using Warder.Cli.Verbs.Management;
using Warder.Cli.Verbs.Memberships;
using Warder.Cli.Verbs.Migrations;
using Warder.Cli.Verbs.Nodes;
using Warder.Cli.Verbs.Organizations;
using Warder.Cli.Verbs.Permissions;
using Warder.Cli.Verbs.Policies;
using Warder.Cli.Verbs.Receipts;
using Warder.Cli.Verbs.Roles;
using Warder.Cli.Verbs.Secrets;
using Warder.Cli.Verbs.Serve;
using Warder.Cli.Verbs.Shells;
using Warder.Cli.Verbs.Users;

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
            ServeVerb.Build(shell),
            KeyVerbs.Build(shell),
            ImportSchemeVerbs.Build(shell),
            OrganizationVerbs.Build(shell),
            UserVerbs.Build(shell),
            MembershipVerbs.Build(shell),
            PermissionVerbs.Build(shell),
            RoleVerbs.Build(shell),
            ManagementKeyVerbs.Build(shell),
            EnvironmentVerbs.Build(shell),
            RootKeyVerbs.Build(shell),
            EventVerbs.Build(shell),
            ReceiptVerbs.Build(shell),
            SigningKeyVerbs.Build(shell),
            PolicyVerbs.Build(shell),
            ListNodes.Build(shell),
            DrillVerbs.Build(shell),
            MigrateData.Build(shell),
            CheckHealth.Build(shell),
            PrintCompletion.Build(shell),
        };
        foreach (var option in GlobalOptions.Create())
            root.Add(option);
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
