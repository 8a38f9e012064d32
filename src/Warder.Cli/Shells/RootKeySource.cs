using System.CommandLine;

namespace Warder.Cli.Shells;

/// <summary>Where the root key is, when it is not in the data directory.</summary>
internal static class RootKeySource
{
    private const string Variable = "WARDER_ROOT_KEY_FILE";
    private const string Name = "--root-key";

    /// <summary>A fresh <c>--root-key</c>.</summary>
    public static Option<string?> Option() => new(Name)
    {
        Description = $"The root key's file, the same on every node. [default: {Variable}, or root-key in the data directory]", HelpName = "FILE",
    };

    /// <summary>The file that was named; null when none was.</summary>
    /// <exception cref="UsageException">Two were.</exception>
    public static string? Find(Shell shell, string? file)
    {
        var variable = shell.Variable(Variable) is { Length: > 0 } path ? path : null;
        if (file is not null && variable is not null)
            throw new UsageException($"{Name} and {Variable} are both given: leave one of them out.");
        return file ?? variable;
    }
}
