using System.Collections.Frozen;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Json;
using Warder.Cedar.Syntax;
using Warder.Cedar.Validation;
using Warder.Cedar.Values;

namespace Warder.Cedar.Schemas;

/// <summary>
/// Which types of entities and which actions there are, and what goes with what. Immutable, and so for any number of threads. It is written
/// in Cedar's syntax or in JSON, and each can be made from the other. (Cedar documentation: "Schema".)
/// </summary>
/// <remarks>
/// A name is looked for first in its own namespace, then in the one without a name, then among Cedar's own types (<c>__cedar::Long</c> is
/// always those); in each, first among common types, then among entity types. What the namespace without a name declares cannot be declared
/// again in another. Entity types may be in one another in circles; common types and actions may not.
/// </remarks>
public sealed class Schema
{
    private readonly IReadOnlyCollection<NamespaceSyntax> _namespaces;

    // With the types of the groups that such actions are in.
    private readonly FrozenDictionary<EntityTypeName, HashSet<EntityTypeName>> _actionTypes;

    internal Schema(IReadOnlyCollection<NamespaceSyntax> namespaces, IEnumerable<SchemaEntityType> entityTypes, IEnumerable<SchemaAction> actions)
    {
        _namespaces = namespaces;
        EntityTypes = entityTypes.ToFrozenDictionary(type => type.Name);
        Actions = actions.ToFrozenDictionary(action => action.Uid);
        _actionTypes = Actions.Values.GroupBy(action => action.Uid.Type)
            .ToFrozenDictionary(type => type.Key, type => type.SelectMany(action => action.Ancestors).Select(group => group.Type).ToHashSet());
    }

    /// <summary>All types of entities, but for those of actions.</summary>
    public IReadOnlyDictionary<EntityTypeName, SchemaEntityType> EntityTypes { get; }

    /// <summary>All actions.</summary>
    public IReadOnlyDictionary<EntityUid, SchemaAction> Actions { get; }

    /// <summary>
    /// Reads Cedar's syntax. The errors are <see cref="SyntaxCodes"/> where it cannot be read, and else <see cref="SchemaCodes"/>; beside a
    /// schema there may be warnings of names that hide others.
    /// </summary>
    /// <param name="text">The schema.</param>
    /// <param name="file">What it is called in errors.</param>
    /// <param name="limits">How much is read.</param>
    public static Parsed<Schema> Parse(string text, string? file = null, Limits? limits = null) => Read(text, file, limits, SchemaParser.ParseAll);

    /// <summary>Reads the JSON form. Errors and warnings are as with <see cref="Parse"/>, and have their place in the document.</summary>
    /// <param name="json">The schema.</param>
    /// <param name="file">What it is called in errors.</param>
    /// <param name="limits">How much is read.</param>
    public static Parsed<Schema> ParseJson(string json, string? file = null, Limits? limits = null) => Read(json, file, limits, SchemaJsonReader.ReadAll);

    /// <summary>
    /// Reads entities as <see cref="Entities.ParseJson"/> does, and more: where the schema tells that an entity or a value of an extension
    /// type is meant, the escapes around it may be missing, and text alone is enough for the latter (<c>"ip": "10.0.0.1"</c>). All have to
    /// be as the schema says: errors are of
    /// <see cref="ConformanceCodes"/> and <see cref="ValidationCodes"/>, with their place and path. The schema's actions are among the
    /// entities; those that are given have to be the same. (Cedar documentation: "Entities and context syntax".)
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">What it is called in errors.</param>
    /// <param name="limits">How much is read.</param>
    public Parsed<Entities> ParseEntities(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        limits ??= Limits.Default;
        var (entities, errors) = EntityJson.ReadAll(new SourceText(json, file), this, limits);
        return errors.Count > 0 ? new Parsed<Entities>(errors) : WithActions(entities, limits);
    }

    /// <summary>
    /// Reads the context of an action's requests, a JSON object, as <see cref="ParseEntities"/> reads attributes. Errors are those of
    /// attributes, and an action that the schema does not have.
    /// </summary>
    /// <param name="action">The action.</param>
    /// <param name="json">The document.</param>
    /// <param name="file">What it is called in errors.</param>
    /// <param name="limits">How much is read.</param>
    public Parsed<CedarRecord> ParseContext(EntityUid action, string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!Actions.TryGetValue(action, out var declared))
        {
            var help = Spelling.Help(action.ToString(), Actions.Keys.Select(uid => uid.ToString()));
            return new Parsed<CedarRecord>([new Diagnostic { Code = ValidationCodes.UnknownAction, Message = $"the schema has no action `{action}`", Help = help }]);
        }

        return EntityTyping.ReadContext(new SourceText(json, file), this, declared, limits ?? Limits.Default);
    }

    /// <summary>
    /// The schema in the JSON form, in one line. Names stand there as they were written, so that reading it gives this schema.
    /// </summary>
    public string ToJson() => SchemaJsonWriter.Write(_namespaces);

    /// <summary>
    /// The schema in Cedar's syntax. There is none when JSON says what that syntax cannot: an entity type's shape by the name of a common
    /// type, an entity type by a name that there means a common type, or in a namespace both by one name.
    /// </summary>
    public Parsed<string> ToText() => SchemaTextWriter.Write(_namespaces);

    /// <summary>The same schema: both forms, without a value in the first where <see cref="ToText"/> has none.</summary>
    public override string ToString() => ToText().Value ?? ToJson();

    /// <summary>Whether an entity of the first type may be in one of the second, or be one.</summary>
    internal bool MayBeIn(EntityTypeName type, EntityTypeName ancestor)
    {
        if (type == ancestor)
            return true;
        if (EntityTypes.TryGetValue(type, out var declared))
            return declared.Ancestors.Contains(ancestor);
        return _actionTypes.TryGetValue(type, out var groups) && groups.Contains(ancestor);
    }

    // What an action is in is known when all that are given have been read.
    private Parsed<Entities> WithActions(List<Entity> entities, Limits limits)
    {
        var given = Entities.Create(entities.Where(entity => entity.Uid.Type.IsAction), limits);
        if (!given.Succeeded)
            return given;
        var rules = new ConformanceRules(this);
        var errors = given.Value.SelectMany(action => rules.CheckAction(action, action.Ancestors!)).Select(mismatch => mismatch.ToDiagnostic()).Take(limits.Errors).ToList();
        return errors.Count > 0
            ? new Parsed<Entities>(errors)
            : Entities.Create(entities.Where(entity => !entity.Uid.Type.IsAction).Concat(Actions.Values.Select(action => new Entity(action.Uid, parents: action.MemberOf))), limits);
    }

    private static Parsed<Schema> Read(
        string text, string? file, Limits? limits, Func<SourceText, Limits, DiagnosticBag, IReadOnlyCollection<NamespaceSyntax>> read)
    {
        ArgumentNullException.ThrowIfNull(text);
        limits ??= Limits.Default;
        var source = new SourceText(text, file);
        var diagnostics = new DiagnosticBag(source, limits.Errors);
        var namespaces = read(source, limits, diagnostics);
        var schema = diagnostics.HasErrors ? null : new SchemaResolver(namespaces, limits, diagnostics).Resolve();
        return schema is null ? new Parsed<Schema>(diagnostics.Found) : new Parsed<Schema>(schema, diagnostics.Found);
    }
}
