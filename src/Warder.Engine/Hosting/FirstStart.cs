using System.Text;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Engine.Management;
using Warder.Engine.Receipts;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;

namespace Warder.Engine.Hosting;

/// <summary>
/// Creates the content of a new database: the environment <c>production</c>, one management key with every right, and a signing key.
/// </summary>
internal sealed class FirstStart(EnvironmentRegistry environments, Journal journal, NodeMemory memory, SystemEvents events, Entropy entropy)
{
    private const string EnvironmentName = "production";
    private const string KeyPrefix = "wdr_live";

    /// <summary>Creates the missing content.</summary>
    /// <returns>The management key, if this call created it without a preset; null otherwise.</returns>
    /// <exception cref="ArgumentException">The preset key is needed and is no management token.</exception>
    public SecretString? Run(DataDirectory directory, SecretString? preset)
    {
        if (environments.All.Count > 0)
            return null;
        if (preset is not null && !IsManagementToken(preset))
        {
            throw new ArgumentException(
                $"The preset management key is not well-formed: it must be {ManagementKey.TokenPrefix}_ and 36 characters,"
                + " checksum included.",
                nameof(preset));
        }

        var token = preset ?? TokenFormat.Issue(ManagementKey.TokenPrefix, entropy);
        // The file is written first: without it, the only management key could be lost.
        if (preset is null)
            DataDirectory.WriteSecret(directory.ManagementKeyPath, Encoding.ASCII.GetBytes(token.Reveal() + "\n"));
        var changes = events.In(0);
        var made = journal.Submit<bool>(context =>
        {
            if (EnvironmentTable.All(context.Session).Count > 0)
                return false;
            EnvironmentCreation.Add(changes, context, EnvironmentName, KeyPrefix, Rights.All, NewSecret.Of(token));
            return true;
        }).GetAwaiter().GetResult().Value;
        if (made)
            return preset is null ? token : null;
        // Another node was first, and its management key is the valid one.
        if (preset is null)
            File.Delete(directory.ManagementKeyPath);
        memory.Reload();
        return null;
    }

    /// <summary>Creates the first signing key if there is none.</summary>
    public void Prepare(SigningKeys keys)
    {
        if (!keys.NeedsFirst || environments.All.MinBy(static state => state.Number) is not { } first)
            return;
        var changes = events.In(first.Number);
        journal.Submit<bool>(
            context => SigningKeyTable.Last(context.Session) == 0 && keys.Add(changes, context, 0) is not null).GetAwaiter().GetResult();
        memory.Reload();
    }

    private static bool IsManagementToken(SecretString token)
        => TokenFormat.TrySplit(Encoding.UTF8.GetBytes(token.Reveal()), out var prefix) && Ascii.Equals(prefix, ManagementKey.TokenPrefix);

    /// <summary>Creates a management key with every right, for the recovery of a data directory without a known management key.</summary>
    public Result<SecretString> RecoverKey(string name)
    {
        var environment = environments.All.MinBy(state => state.Number);
        if (environment is null)
            return Fault.NotFound("Environment");
        var secret = NewSecret.Draw(ManagementKey.TokenPrefix, entropy);
        var changes = events.In(environment.Number);
        return journal.Submit<SecretString>(context =>
        {
            ManagementKeyCreation.Add(changes, context, name, Rights.All, null, secret, environment.Info.Id);
            return secret.Token;
        }).GetAwaiter().GetResult();
    }
}
