using System.CommandLine;

namespace Warder.Cli.Shells;

/// <summary>Finds the file of the root key when it is not in the data directory.</summary>
internal static class RootKeySource
{
    private const string Variable = "WARDER_ROOT_KEY_FILE";
    private const string Name = "--root-key";

    /// <summary>Creates <c>--root-key</c>.</summary>
    public static Option<string?> Option() => new(Name)
    {
        Description = $"The root key's file, the same on every node. [default: {Variable}, or root-key in the data directory]",
        HelpName = "FILE",
    };

    /// <summary>Finds the file: of the option, else of the variable.</summary>
    /// <returns>Null when neither the option nor the variable is given.</returns>
    public static string? Find(Shell shell, string? file) => file ?? (shell.Variable(Variable) is { Length: > 0 } path ? path : null);
}
