using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Verbs.Events;

/// <summary><c>warder events</c></summary>
internal static class EventVerbs
{
    public static Command Build(Shell shell) => new Verb(
        "events",
        "Events: the log of all changes.",
        "warder events list --type api_key.revoked",
        "warder events list --follow")
    {
        ListEvents.Build(shell),
        VerifyEvents.Build(shell),
    };
}
