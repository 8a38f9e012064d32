using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Verbs.Drills;

/// <summary><c>warder drill</c></summary>
internal static class DrillVerbs
{
    public static Command Build(Shell shell) => new Verb(
        "drill",
        "Tries out, on what really runs, what you rely on.",
        "warder drill revocation")
    {
        DrillRevocation.Build(shell),
    };
}
