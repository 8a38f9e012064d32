using System.Text;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Engine.Changes;
using Warder.Engine.Management;
using Warder.Storage.Directory;

namespace Warder.Engine.Hosting;

/// <summary>Creates the content of a new database: the environment <c>production</c>, and one management key with every right.</summary>
internal static class FirstStart
{
    private const string EnvironmentName = "production";
    private const string KeyPrefix = "wdr_live";

    /// <summary>Creates the missing content.</summary>
    /// <returns>The management key, if this call created it without a preset; null otherwise.</returns>
    /// <exception cref="ArgumentException">The preset key is needed and is no management token.</exception>
    public static SecretString? Run(Node node, DataDirectory directory, SecretString? preset)
    {
        if (node.Environments.All.Count > 0)
            return null;
        if (preset is not null && !IsManagementToken(preset))
        {
            throw new ArgumentException(
                $"The preset management key is not well-formed: it must be {ManagementKey.TokenPrefix}_ and 36 characters, checksum included.", nameof(preset));
        }

        var token = preset ?? TokenFormat.Issue(ManagementKey.TokenPrefix, node.Entropy);
        // The file is written first: without it, the only management key could be lost.
        if (preset is null)
            DataDirectory.WriteSecret(directory.ManagementKeyPath, Encoding.ASCII.GetBytes(token.Reveal() + "\n"));
        var changes = ChangeContext.System(node, 0);
        var made = node.Journal.Submit<bool>(context =>
        {
            if (EnvironmentTable.All(context.Session).Count > 0)
                return false;
            EnvironmentCreation.Add(changes, context, EnvironmentName, KeyPrefix, Rights.All, token);
            return true;
        }).GetAwaiter().GetResult().Value;
        if (made)
            return preset is null ? token : null;
        // Another node was first, and its management key is the valid one.
        if (preset is null)
            File.Delete(directory.ManagementKeyPath);
        node.Reload();
        return null;
    }

    private static bool IsManagementToken(SecretString token)
        => TokenFormat.TrySplit(Encoding.UTF8.GetBytes(token.Reveal()), out var prefix) && Ascii.Equals(prefix, ManagementKey.TokenPrefix);

    /// <summary>Creates a management key with every right, for the recovery of a data directory without a known management key.</summary>
    public static Result<SecretString> RecoverKey(Node node, string name)
    {
        var environment = node.Environments.All.MinBy(state => state.Number);
        if (environment is null)
            return Fault.NotFound("Environment");
        var token = TokenFormat.Issue(ManagementKey.TokenPrefix, node.Entropy);
        var changes = ChangeContext.System(node, environment.Number);
        return node.Journal.Submit<SecretString>(context =>
        {
            ManagementKeyCreation.Add(changes, context, name, Rights.All, null, token, environment.Info.Id);
            return token;
        }).GetAwaiter().GetResult();
    }
}
