using Warder.Contracts;
using Warder.Contracts.Keys;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using ImportScheme = Warder.Core.Keys.ImportScheme;

namespace Warder.Engine.Imports;

/// <summary>
/// The import schemes of an environment. An import adds the scheme that it names; a scheme that no key uses can be removed.
/// </summary>
internal static class ImportSchemes
{
    /// <summary>The largest number of schemes of an environment.</summary>
    public const int MostPerEnvironment = 32;

    /// <summary>Adds a scheme.</summary>
    public static Task<Result<Answer>> Create(ChangeContext changes, ImportScheme scheme)
        => changes.Change(context => EnvironmentTable.HasScheme(context.Session, changes.Environment, scheme)
            ? Fault.Conflict("import_scheme_already_exists", "The environment has this scheme already.")
            : Add(changes, context, scheme, "prefix") is { } refused
                ? refused
                : Answer.Created(Shape(scheme, isUsed: false), WarderJson.Wire.RegisteredScheme));

    /// <summary>Removes a scheme that no key uses.</summary>
    public static Task<Result<Answer>> Delete(ChangeContext changes, string id)
        => changes.Change(context =>
        {
            // Locked, so that no import under the scheme is under way.
            var environment = EnvironmentTable.Find(context.Session, changes.EnvironmentId, RowLock.Update)!;
            if (Find(context.Session, changes.Environment, id) is not { } scheme)
                return Fault.NotFound("Import scheme");
            if (EnvironmentTable.IsSchemeUsed(context.Session, changes.Environment, scheme))
                return Fault.Conflict(
                    "import_scheme_in_use", "Keys that were imported under this scheme are not deleted. Delete them first.");
            EnvironmentTable.RemoveScheme(context.Session, changes.Environment, scheme);
            Append(changes, context, EventTypes.ImportSchemeDeleted, scheme, environment.Id);
            return Answer.NoContent;
        });

    /// <summary>Adds a scheme, unless the environment has it, and locks it until the transaction ends.</summary>
    /// <param name="changes">The context of the change.</param>
    /// <param name="context">The transaction.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="field">The member that names it, for faults.</param>
    /// <returns>The fault that refuses the scheme; null: the environment has it.</returns>
    public static Fault? Require(ChangeContext changes, CommandContext context, ImportScheme scheme, string field)
    {
        if (EnvironmentTable.HasScheme(context.Session, changes.Environment, scheme))
        {
            EnvironmentTable.LockRows(context.Session, changes.Environment, RowLock.Share);
            // Another node may have removed the scheme before the lock.
            if (EnvironmentTable.HasScheme(context.Session, changes.Environment, scheme))
                return null;
        }

        return Add(changes, context, scheme, field);
    }

    /// <summary>Finds a scheme of an environment.</summary>
    /// <returns>Null: the environment has no such scheme.</returns>
    public static ImportScheme? Find(Session session, int environment, string id)
        => EnvironmentTable.Schemes(session, environment).Find(scheme => scheme.Id == id);

    /// <summary>Returns the form of a scheme that answers show.</summary>
    public static RegisteredScheme Shape(Session session, int environment, ImportScheme scheme)
        => Shape(scheme, EnvironmentTable.IsSchemeUsed(session, environment, scheme));

    private static Fault? Add(ChangeContext changes, CommandContext context, ImportScheme scheme, string field)
    {
        EnvironmentTable.HoldPrefixes(context.Session);
        var environment = EnvironmentTable.Find(context.Session, changes.EnvironmentId, RowLock.Update)!;
        var schemes = EnvironmentTable.Schemes(context.Session, changes.Environment);
        if (schemes.Contains(scheme))
            return null;
        if (schemes.Count >= MostPerEnvironment)
            return Fault.Field(
                field, "too_many", $"An environment takes at most {MostPerEnvironment} schemes: delete one that no key uses.");
        if (EnvironmentTable.Prefixes(context.Session).Append(ManagementKey.TokenPrefix).Any(scheme.Overlaps))
            return Fault.Field(
                field, "overlaps_prefix",
                "Tokens that Warder issues look like this too, and would lose the check of their checksum."
                    + " Such values cannot be imported.");
        if (changes.DryRun)
            return null;
        EnvironmentTable.AddScheme(context.Session, changes.Environment, scheme);
        Append(changes, context, EventTypes.ImportSchemeCreated, scheme, environment.Id);
        return null;
    }

    private static void Append(ChangeContext changes, CommandContext context, string type, ImportScheme scheme, string environmentId)
        => changes.Append(
            context, type, EventData.Of(Shape(scheme, isUsed: false), WarderJson.Wire.RegisteredScheme), null,
            new CacheDelta(CacheDeltaKind.Environment, environmentId));

    private static RegisteredScheme Shape(ImportScheme scheme, bool isUsed) => new()
    {
        Id = scheme.Id,
        Prefix = scheme.Prefix,
        Length = scheme.Length,
        Alphabet = ImportScheme.Alphabets[(int)scheme.Alphabet],
        InUse = isUsed,
    };
}
