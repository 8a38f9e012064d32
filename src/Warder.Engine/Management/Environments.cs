using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Management;

/// <summary>The requested properties of a new environment.</summary>
internal sealed record EnvironmentProperties(string Name, string KeyPrefix, bool CapIssuedKeys);

/// <summary>The requested changes of an environment. Null: the property stays.</summary>
internal sealed record EnvironmentPatch(string? Name, bool? CapIssuedKeys);

/// <summary>Environments: isolated worlds of data.</summary>
internal static class Environments
{
    /// <summary>Creates an environment with its first management key.</summary>
    public static Task<Result<Answer>> Create(ChangeContext changes, EnvironmentProperties properties)
    {
        var secret = NewSecret.Draw(ManagementKey.TokenPrefix, changes.Entropy);
        return changes.Change(context =>
        {
            EnvironmentTable.HoldPrefixes(context.Session);
            if (EnvironmentTable.PrefixTaken(context.Session, properties.KeyPrefix))
                return Fault.Conflict("key_prefix_taken", "Another environment has, or had, this prefix.");
            if (EnvironmentTable.AllSchemes(context.Session).Exists(scheme => scheme.Overlaps(properties.KeyPrefix)))
                return Fault.Conflict(
                    "key_prefix_overlaps_scheme", "Tokens of this prefix would look like keys that were imported. Choose another prefix.");
            var (environment, key) = EnvironmentCreation.Add(
                changes, context, properties.Name, properties.KeyPrefix, context.Authority.Rights, secret, properties.CapIssuedKeys);
            var shape = EnvironmentShapes.Of(environment) with
            {
                ManagementKey = ManagementShapes.Of(key, environment.Id, context.Now, secret.Token.Reveal()),
            };
            return Answer.Created(shape, WarderJson.Wire.WarderEnvironment);
        });
    }

    /// <summary>Changes an environment.</summary>
    public static Task<Result<Answer>> Update(ChangeContext changes, string id, EnvironmentPatch patch)
        => changes.Change(context =>
        {
            if (EnvironmentTable.Find(context.Session, id, RowLock.Update) is not { } before)
                return Fault.NotFound("Environment");
            // Without the cap the caller could issue keys that outlive its own key.
            if (before.CapIssuedKeys && patch.CapIssuedKeys == false
                && context.Authority.OutlivedBy(null, "cap_issued_keys") is { } outlived)
                return outlived;
            var after = before with
            {
                Name = patch.Name ?? before.Name, CapIssuedKeys = patch.CapIssuedKeys ?? before.CapIssuedKeys, UpdatedAt = context.Now,
            };
            if (after with { UpdatedAt = before.UpdatedAt } == before)
                return Answer.Ok(EnvironmentShapes.Of(before), WarderJson.Wire.WarderEnvironment);
            EnvironmentTable.Update(context.Session, after);
            var data = EventData.OfChange(EnvironmentShapes.Of(before), EnvironmentShapes.Of(after), WarderJson.Wire.WarderEnvironment);
            var inside = changes.In(after.Number);
            inside.Append(context, EventTypes.EnvironmentUpdated, data, null, new CacheDelta(CacheDeltaKind.Environment, after.Id));
            return Answer.Ok(EnvironmentShapes.Of(after), WarderJson.Wire.WarderEnvironment);
        });
}
