using Warder.Contracts;
using Warder.Contracts.Events;
using Warder.Core.Faults;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Management;

/// <summary>Raises the feature level that an environment requires.</summary>
internal static class RequiredLevels
{
    /// <summary>
    /// Requires a level in the command that stores the first use of an input. When the change is in force, no verifier of a lower level
    /// answers from memory: its fills have the level in their snapshot, and the delta of this event removes the entries that it read
    /// before.
    /// </summary>
    /// <returns>409 <c>verifiers_too_old</c>: a node of a lower level serves. Null: the environment requires the level.</returns>
    public static Fault? Require(ChangeContext changes, CommandContext context, int level)
    {
        var before = EnvironmentTable.Find(context.Session, changes.EnvironmentId, RowLock.Update)!;
        if (before.RequiredLevel >= level)
            return null;
        var own = changes.NodeIdentity.Options;
        if (own.Level < level)
            return TooOld(own.Name, own.Version, own.Level, level);
        if (changes.IsShared && NodeTable.FindBelow(context.Session, level) is var (name, version, low))
            return TooOld(name, version, low, level);
        EnvironmentTable.RaiseRequiredLevel(context.Session, before.Number, level);
        var after = before with { RequiredLevel = level };
        var data = EventData.OfChange(EnvironmentShapes.Of(before), EnvironmentShapes.Of(after), WarderJson.Wire.WarderEnvironment);
        changes.Append(
            context, EventTypes.EnvironmentUpdated, data, null,
            new CacheDelta(CacheDeltaKind.Environment, before.Id), CacheDelta.OfRequiredLevel(before.Id, level));
        return null;
    }

    private static Fault TooOld(string name, string version, int level, int required)
        => Fault.Conflict(
            "verifiers_too_old",
            $"Node {name} (version {version}) has feature level {level}, and this needs {required}."
            + " Upgrade every node, and replace those that stand still, before you use it.");
}
