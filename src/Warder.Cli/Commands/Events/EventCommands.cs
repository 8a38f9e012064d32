using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Events;

/// <summary><c>warder events</c></summary>
internal static class EventCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "events",
        "Events: the log of all changes.",
        "warder events list --type api_key.revoked",
        "warder events list --follow")
    {
        ListEvents.Build(shell),
        VerifyEvents.Build(shell),
    };
}
