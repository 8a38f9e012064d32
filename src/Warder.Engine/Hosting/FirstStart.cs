using System.Text;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Engine.Changes;
using Warder.Engine.Management;
using Warder.Storage.Directory;

namespace Warder.Engine.Hosting;

/// <summary>What the first start makes: the environment <c>production</c>, and one management key with every right.</summary>
internal static class FirstStart
{
    private const string EnvironmentName = "production";
    private const string KeyPrefix = "wdr_live";

    /// <summary>Makes what is missing. Returns the management key when it was made here, for a person to see; null otherwise.</summary>
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
        // The file comes first: a key that nobody can read would lock everybody out.
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
        // Another node was first, and its key is the one.
        if (preset is null)
            File.Delete(directory.ManagementKeyPath);
        node.Reload();
        return null;
    }

    private static bool IsManagementToken(SecretString token)
        => TokenFormat.TrySplit(Encoding.UTF8.GetBytes(token.Reveal()), out var prefix) && Ascii.Equals(prefix, ManagementKey.TokenPrefix);

    /// <summary>Makes a management key with every right, for somebody who lost theirs and has the data directory.</summary>
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
