using Warder.Cli.Options;
using Warder.Core.Secrets;

namespace Warder.Cli.Shells;

/// <summary>Which management key a call is made with.</summary>
internal static class ManagementKeySource
{
    /// <summary>
    /// The file that was named; else the environment's; else, for a server on this machine, the file that it wrote. Null when there is
    /// none: the server then says that a key is missing.
    /// </summary>
    /// <exception cref="UsageException">The file that was named cannot be read.</exception>
    public static SecretString? Find(Shell shell, string? file, Uri address)
    {
        if (file is not null)
        {
            SecretSource.RequireOwnersAlone(shell, GlobalOptions.KeyFile, file);
            return SecretSource.Read(shell, file);
        }

        if (shell.Variable(GlobalOptions.KeyVariable) is { Length: > 0 } value)
            return new SecretString(value.Trim());
        // Nobody asked to show this machine's key to another's server.
        var local = Path.Combine(shell.Directory, GlobalOptions.LocalKeyFile);
        if (!address.IsLoopback || !File.Exists(local))
            return null;
        try
        {
            return SecretSource.Read(shell, local);
        }
        catch (UsageException)
        {
            // Nobody named that file either: that it cannot be read is no error.
            return null;
        }
    }
}
