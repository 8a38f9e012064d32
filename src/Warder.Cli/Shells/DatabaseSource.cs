using System.CommandLine;
using Warder.Core.Secrets;

namespace Warder.Cli.Shells;

/// <summary>
/// How to connect to the database that several nodes share. It holds a password: it comes from a file or the environment.
/// </summary>
internal static class DatabaseSource
{
    /// <summary>The environment variable that holds the connection string itself.</summary>
    public const string Variable = "WARDER_DATABASE";

    private const string Name = "--database-file";

    /// <summary>A fresh <c>--database-file</c>.</summary>
    public static Option<string?> Option() => new(Name)
    {
        Description = $"The file that holds PostgreSQL's connection string: postgresql://user:password@host:port/database. [default: {Variable}, or the embedded database]",
        HelpName = "FILE|-",
    };

    /// <summary>The connection string; null for the embedded database.</summary>
    /// <exception cref="UsageException">There are two, or the file cannot be read, or anybody can read it.</exception>
    public static SecretString? Find(Shell shell, string? file)
    {
        var variable = shell.Variable(Variable) is { Length: > 0 } value ? new SecretString(value.Trim()) : null;
        if (file is null)
            return variable;
        if (variable is not null)
            throw new UsageException($"{Name} and {Variable} are both given: leave one of them out.");
        SecretSource.RequireOwnersAlone(shell, Name, file);
        return SecretSource.Read(shell, file);
    }
}
