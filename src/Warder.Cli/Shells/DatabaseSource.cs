using System.CommandLine;
using Warder.Core.Secrets;

namespace Warder.Cli.Shells;

/// <summary>
/// Finds the connection string of the PostgreSQL database. It contains a password, so it comes from a file or the environment.
/// </summary>
internal static class DatabaseSource
{
    /// <summary>The environment variable that contains the connection string.</summary>
    public const string Variable = "WARDER_DATABASE";

    private const string Name = "--database-file";

    /// <summary>Creates <c>--database-file</c>.</summary>
    public static Option<string?> Option() => new(Name)
    {
        Description = "The file that holds PostgreSQL's connection string: postgresql://user:password@host:port/database. "
            + $"[default: {Variable}, or the embedded database]",
        HelpName = "FILE|-",
    };

    /// <summary>Finds the connection string: of the option, else of the variable.</summary>
    /// <returns>Null for the embedded database.</returns>
    /// <exception cref="UsageException">
    /// The file cannot be read, or every user of the machine can read or write it.
    /// </exception>
    public static SecretString? Find(Shell shell, string? file)
    {
        if (file is null)
            return shell.Variable(Variable) is { Length: > 0 } value ? new SecretString(value.Trim()) : null;
        SecretSource.RequireOwnersAlone(shell, Name, file);
        return SecretSource.Read(shell, file);
    }
}
