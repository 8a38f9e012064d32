using Warder.Contracts;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Engine.Secrets;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Management;

namespace Warder.Engine.Management;

/// <summary>The requested properties of a new management key.</summary>
internal sealed record ManagementKeyProperties(string Name, RightsRequest Rights, Instant? ExpiresAt);

/// <summary>Management keys: credentials with rights over Warder itself.</summary>
internal static class ManagementKeys
{
    /// <summary>Creates a management key. No caller grants rights or time beyond its own.</summary>
    public static Task<Result<Answer>> Create(ChangeContext changes, ManagementKeyProperties properties)
    {
        var secret = NewSecret.Draw(ManagementKey.TokenPrefix, changes.Entropy);
        return changes.Change(context =>
        {
            if (properties.ExpiresAt is { } end && end <= context.Now)
                return Fault.Field("expires_at", "must_be_future", "Must be in the future.");
            if (properties.Rights.Beyond(context.Authority.Rights) is { } beyond)
                return beyond;
            if (context.Authority.OutlivedBy(properties.ExpiresAt) is { } outlived)
                return outlived;
            var key = ManagementKeyCreation.Add(
                changes, context, properties.Name, properties.Rights.All, properties.ExpiresAt, secret, changes.EnvironmentId);
            return Answer.Created(
                ManagementShapes.Of(key, changes.EnvironmentId, context.Now, secret.Token.Reveal()), WarderJson.Wire.ManagementKey);
        });
    }

    /// <summary>Creates the fault for a missing key: there is none, or its row does not verify.</summary>
    public static Fault Missing(Session session, int environment, string id)
        => ManagementKeyTable.Find(session, environment, id) is null && ManagementKeyTable.Existed(session, environment, id)
            ? RowFaults.NotVerified("management key")
            : Fault.NotFound("Management key");
}
