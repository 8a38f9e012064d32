using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Access;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Management;

/// <summary>Adds environments.</summary>
internal static class EnvironmentCreation
{
    private const string FirstKeyName = "First management key";

    /// <summary>Adds an environment with its built-in roles and its first management key.</summary>
    public static (EnvironmentInfo Environment, ManagementKey Key) Add(
        EventContext changes, CommandContext context, string name, string prefix, Rights rights, NewSecret secret,
        bool capIssuedKeys = false)
    {
        var number = EnvironmentTable.NextNumber(context.Session);
        var environment = new EnvironmentInfo(
            number, changes.NewId(IdKind.Environment, context), name, prefix, context.Now, context.Now, capIssuedKeys);
        EnvironmentTable.Insert(context.Session, environment);
        // Events of the new environment are in its own log; the caller stays the same.
        var inside = changes.In(number, environment.Id);
        inside.Append(
            context, EventTypes.EnvironmentCreated, EventData.Of(EnvironmentShapes.Of(environment), WarderJson.Wire.WarderEnvironment),
            null,
            new CacheDelta(CacheDeltaKind.Environment, environment.Id));
        foreach (var (slug, roleName) in RoleCreation.BuiltIn)
            RoleCreation.Add(inside, context, slug, roleName, null, null, builtIn: true);
        var key = ManagementKeyCreation.Add(inside, context, FirstKeyName, rights, context.Authority.EndsAt, secret, environment.Id);
        return (environment, key);
    }
}
