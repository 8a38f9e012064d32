using Warder.Cli.Options;
using Warder.Core.Secrets;

namespace Warder.Cli.Shells;

/// <summary>Finds the management key of a call.</summary>
internal static class ManagementKeySource
{
    /// <summary>
    /// Reads the given file; else the environment variable; else, for a server on this machine, the file that the server wrote.
    /// </summary>
    /// <returns>Null when there is no key; the server then refuses the call.</returns>
    /// <exception cref="UsageException">The given file cannot be read, or every user of the machine can read or write it.</exception>
    public static SecretString? Find(Shell shell, string? file, Uri address)
    {
        if (file is not null)
        {
            SecretSource.RequireOwnersAlone(shell, GlobalOptions.KeyFile, file);
            return SecretSource.Read(shell, file);
        }

        if (shell.Variable(GlobalOptions.KeyVariable) is { Length: > 0 } value)
            return new SecretString(value.Trim());
        // The key of this machine's server is never sent to another machine: its server would learn it.
        var local = Path.Combine(shell.Directory, GlobalOptions.LocalKeyFile);
        if (!address.IsLoopback || !File.Exists(local))
            return null;
        try
        {
            return SecretSource.Read(shell, local);
        }
        catch (UsageException)
        {
            // The user did not name this file, so it is not an error that it cannot be read.
            return null;
        }
    }
}
