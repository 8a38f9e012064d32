using Warder.Contracts;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using ImportScheme = Warder.Core.Keys.ImportScheme;

namespace Warder.Server.Imports;

/// <summary>
/// The import schemes of an environment. An import adds the scheme that it names; a scheme that no key uses can be removed.
/// </summary>
internal static class ImportSchemes
{
    private const string One = "/import_schemes/{id}";

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Create<Contracts.Keys.ImportScheme, RegisteredScheme>("/import_schemes", Rights.KeysWrite, "Add an import scheme", Create),
        Route.Get<ListPage<RegisteredScheme>>("/import_schemes", Rights.KeysRead, "List the import schemes: all of them", List),
        Route.Get<RegisteredScheme>(One, Rights.KeysRead, "Show an import scheme", Show),
        Route.Delete(One, Rights.KeysWrite, "Remove an import scheme that no key uses", Delete) with { DryRun = false },
    ];

    /// <summary>Reads the members of a scheme.</summary>
    public static ImportScheme Read(JsonFields fields)
    {
        var prefix = fields.Text("prefix", 32);
        if (prefix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
            fields.Refuse("prefix", "invalid_format", "Use letters, digits, '_', '-' and '.'.");
        var length = fields.OptionalNumber("length", 1, Limits.SchemeLength);
        if (length is null && !fields.Has("length"))
            fields.Refuse("length", "required", "Must be given.");
        var alphabet = ImportScheme.Alphabets.IndexOf(fields.Text("alphabet", 16));
        if (alphabet < 0)
            fields.Refuse("alphabet", "invalid_value", "Must be hex, base32, base62 or base64url.");
        var scheme = new ImportScheme(prefix, length ?? 0, (SchemeAlphabet)Math.Max(alphabet, 0));
        if (length is not null && alphabet >= 0 && scheme.Bits < ImportScheme.MinimumBits)
            fields.Refuse("length", "low_entropy", $"Values of this kind have {(int)scheme.Bits} random bits; a digest of less than {ImportScheme.MinimumBits} can be guessed.");
        return scheme;
    }

    /// <summary>Adds a scheme, unless the environment has it, and locks it until the transaction ends.</summary>
    /// <param name="call">The call.</param>
    /// <param name="context">The transaction.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="field">The member that names it, for faults.</param>
    /// <returns>The fault that refuses the scheme; null: the environment has it.</returns>
    public static Fault? Require(Call call, CommandContext context, ImportScheme scheme, string field)
    {
        if (EnvironmentTable.HasScheme(context.Session, call.Environment, scheme))
        {
            EnvironmentTable.LockRows(context.Session, call.Environment, RowLock.Share);
            // Another node may have removed the scheme before the lock.
            if (EnvironmentTable.HasScheme(context.Session, call.Environment, scheme))
                return null;
        }

        return Add(call, context, scheme, field);
    }

    private static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var scheme = Read(fields);
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context => EnvironmentTable.HasScheme(context.Session, call.Environment, scheme)
            ? Fault.Conflict("import_scheme_already_exists", "The environment has this scheme already.")
            : Add(call, context, scheme, "prefix") is { } refused
                ? refused
                : Answer.Created(Shape(scheme, isUsed: false), WarderJson.Wire.RegisteredScheme));
    }

    private static Task<Result<Answer>> List(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        return call.ReadInLane<Answer>(session => Answer.Whole(
            EnvironmentTable.Schemes(session, call.Environment).ConvertAll(scheme => Shape(call, session, scheme)),
            WarderJson.Wire.ListPageRegisteredScheme));
    }

    private static Task<Result<Answer>> Show(Call call)
        => call.Show(
            session => Find(call, session) is { } scheme ? Shape(call, session, scheme) : null, static shape => shape,
            WarderJson.Wire.RegisteredScheme, "Import scheme");

    private static Task<Result<Answer>> Delete(Call call)
        => call.Change(context =>
        {
            // Locked, so that no import under the scheme is under way.
            var environment = EnvironmentTable.Find(context.Session, call.EnvironmentId, RowLock.Update)!;
            if (Find(call, context.Session) is not { } scheme)
                return Fault.NotFound("Import scheme");
            if (EnvironmentTable.IsSchemeUsed(context.Session, call.Environment, scheme))
                return Fault.Conflict(
                    "import_scheme_in_use", "Keys that were imported under this scheme are not deleted. Delete them first.");
            EnvironmentTable.RemoveScheme(context.Session, call.Environment, scheme);
            Append(call, context, EventTypes.ImportSchemeDeleted, scheme, environment.Id);
            return Answer.NoContent;
        });

    private static Fault? Add(Call call, CommandContext context, ImportScheme scheme, string field)
    {
        EnvironmentTable.HoldPrefixes(context.Session);
        var environment = EnvironmentTable.Find(context.Session, call.EnvironmentId, RowLock.Update)!;
        var schemes = EnvironmentTable.Schemes(context.Session, call.Environment);
        if (schemes.Contains(scheme))
            return null;
        if (schemes.Count >= Limits.SchemesPerEnvironment)
            return Fault.Field(
                field, "too_many", $"An environment takes at most {Limits.SchemesPerEnvironment} schemes: delete one that no key uses.");
        if (EnvironmentTable.Prefixes(context.Session).Append(ManagementKey.TokenPrefix).Any(scheme.Overlaps))
            return Fault.Field(field, "overlaps_prefix", "Tokens that Warder issues look like this too, and would lose the check of their checksum. Such values cannot be imported.");
        EnvironmentTable.AddScheme(context.Session, call.Environment, scheme);
        Append(call, context, EventTypes.ImportSchemeCreated, scheme, environment.Id);
        return null;
    }

    private static void Append(Call call, CommandContext context, string type, ImportScheme scheme, string environmentId)
        => call.Append(
            context, type, EventData.Of(Shape(scheme, isUsed: false), WarderJson.Wire.RegisteredScheme), null,
            new CacheDelta(CacheDeltaKind.Environment, environmentId));

    private static ImportScheme? Find(Call call, Session session)
        => EnvironmentTable.Schemes(session, call.Environment).Find(scheme => scheme.Id == call.Route("id"));

    private static RegisteredScheme Shape(Call call, Session session, ImportScheme scheme)
        => Shape(scheme, EnvironmentTable.IsSchemeUsed(session, call.Environment, scheme));

    private static RegisteredScheme Shape(ImportScheme scheme, bool isUsed) => new()
    {
        Id = scheme.Id,
        Prefix = scheme.Prefix,
        Length = scheme.Length,
        Alphabet = ImportScheme.Alphabets[(int)scheme.Alphabet],
        InUse = isUsed,
    };
}
