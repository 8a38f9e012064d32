using System.Collections.Frozen;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Json;
using Warder.Cedar.Syntax;
using Warder.Cedar.Validation;
using Warder.Cedar.Values;

namespace Warder.Cedar.Schemas;

/// <summary>
/// A schema: the entity types, the actions, and their relations. Immutable and thread-safe. A schema is written in Cedar's syntax or in
/// JSON, and is convertible between both. (Cedar documentation: "Schema".)
/// </summary>
/// <remarks>
/// A name is looked up in its own namespace, then in the empty namespace, then among the built-in types. <c>__cedar::Long</c> always
/// denotes the built-in type. Within a namespace, common types take precedence over entity types. No other namespace may redeclare a name
/// of the empty namespace. Entity types may be members of each other in cycles; common types and actions must not form cycles. </remarks>
public sealed class Schema
{
    private readonly IReadOnlyCollection<NamespaceSyntax> _namespaces;

    // The types of actions, each with the types of the groups of its actions.
    private readonly FrozenDictionary<EntityTypeName, HashSet<EntityTypeName>> _actionTypes;

    internal Schema(
        IReadOnlyCollection<NamespaceSyntax> namespaces, IEnumerable<SchemaEntityType> entityTypes, IEnumerable<SchemaAction> actions)
    {
        _namespaces = namespaces;
        EntityTypes = entityTypes.ToFrozenDictionary(type => type.Name);
        Actions = actions.ToFrozenDictionary(action => action.Uid);
        _actionTypes = Actions.Values.GroupBy(action => action.Uid.Type)
            .ToFrozenDictionary(
                type => type.Key,
                type => type.SelectMany(action => action.Ancestors).Select(group => group.Type).ToHashSet());
    }

    /// <summary>All entity types, except the types of actions.</summary>
    public IReadOnlyDictionary<EntityTypeName, SchemaEntityType> EntityTypes { get; }

    /// <summary>All actions.</summary>
    public IReadOnlyDictionary<EntityUid, SchemaAction> Actions { get; }

    /// <summary>
    /// Parses a schema in Cedar's syntax. The error codes are in <see cref="SyntaxCodes"/> for text that is not well-formed, and
    /// otherwise in <see cref="SchemaCodes"/>. A parsed schema may have warnings about names that hide other names.
    /// </summary>
    /// <param name="text">The schema.</param>
    /// <param name="file">The name of the text in error messages.</param>
    /// <param name="limits">The bounds on the input.</param>
    public static Parsed<Schema> Parse(string text, string? file = null, Limits? limits = null)
        => Read(text, file, limits, SchemaParser.ParseAll);

    /// <summary>Parses a schema in JSON. The errors and warnings are those of <see cref="Parse"/>, with a path in the document.</summary>
    /// <param name="json">The schema.</param>
    /// <param name="file">The name of the document in error messages.</param>
    /// <param name="limits">The bounds on the input.</param>
    public static Parsed<Schema> ParseJson(string json, string? file = null, Limits? limits = null)
        => Read(json, file, limits, SchemaJsonReader.ReadAll);

    /// <summary>
    /// Parses entities as <see cref="Entities.ParseJson"/> does, guided by the schema. Where the schema requires an entity or an
    /// extension type, the value needs no escape; for an extension type a string suffices (<c>"ip": "10.0.0.1"</c>). All entities must
    /// conform to the schema. The error codes are in <see cref="ConformanceCodes"/> and <see cref="ValidationCodes"/>; each error has its
    /// position and path. The result includes the actions of the schema; an action in the document must equal the schema's. (Cedar
    /// documentation: "Entities and context syntax".)
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">The name of the document in error messages.</param>
    /// <param name="limits">The bounds on the input.</param>
    public Parsed<Entities> ParseEntities(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        limits ??= Limits.Default;
        var (entities, errors) = EntityJson.ReadAll(new SourceText(json, file), this, limits);
        return errors.Count > 0 ? new Parsed<Entities>(errors) : WithActions(entities, limits);
    }

    /// <summary>
    /// Parses the context of an action's requests, a JSON object, as <see cref="ParseEntities"/> parses attributes. The errors are those of
    /// attributes, and an action that the schema does not have.
    /// </summary>
    /// <param name="action">The action.</param>
    /// <param name="json">The document.</param>
    /// <param name="file">The name of the document in error messages.</param>
    /// <param name="limits">The bounds on the input.</param>
    public Parsed<CedarRecord> ParseContext(EntityUid action, string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!Actions.TryGetValue(action, out var declared))
        {
            var help = Spelling.Help(action.ToString(), Actions.Keys.Select(uid => uid.ToString()));
            return new Parsed<CedarRecord>(
                [new Diagnostic { Code = ValidationCodes.UnknownAction, Message = $"the schema has no action `{action}`", Help = help }]);
        }

        return EntityTyping.ReadContext(new SourceText(json, file), this, declared, limits ?? Limits.Default);
    }

    /// <summary>
    /// Formats the schema as JSON in one line. Names keep their written form, so that parsing the result gives this schema.
    /// </summary>
    public string ToJson() => SchemaJsonWriter.Write(_namespaces);

    /// <summary>
    /// Formats the schema in Cedar's syntax. The call fails for JSON that Cedar's syntax cannot express. Examples are a common type as
    /// the shape of an entity type, and a namespace that gives an entity type and a common type one name. Another is a reference to an
    /// entity type by a name that denotes a common type in Cedar's syntax.
    /// </summary>
    public Parsed<string> ToText() => SchemaTextWriter.Write(_namespaces);

    /// <summary>Formats the schema in Cedar's syntax, or in JSON where <see cref="ToText"/> fails.</summary>
    public override string ToString() => ToText().Value ?? ToJson();

    /// <summary>Whether an entity of the first type may be an entity of the second type, or its descendant.</summary>
    internal bool MayBeIn(EntityTypeName type, EntityTypeName ancestor)
    {
        if (type == ancestor)
            return true;
        if (EntityTypes.TryGetValue(type, out var declared))
            return declared.Ancestors.Contains(ancestor);
        return _actionTypes.TryGetValue(type, out var groups) && groups.Contains(ancestor);
    }

    // The groups of an action are known only after all entities were read.
    private Parsed<Entities> WithActions(List<Entity> entities, Limits limits)
    {
        var given = Entities.Create(entities.Where(entity => entity.Uid.Type.IsAction), limits);
        if (!given.Succeeded)
            return given;
        var rules = new ConformanceRules(this);
        var errors = given.Value.SelectMany(action => rules.CheckAction(action, action.Ancestors!))
            .Select(mismatch => mismatch.ToDiagnostic()).Take(limits.Errors).ToList();
        return errors.Count > 0
            ? new Parsed<Entities>(errors)
            : Entities.Create(
                entities.Where(entity => !entity.Uid.Type.IsAction)
                    .Concat(Actions.Values.Select(action => new Entity(action.Uid, parents: action.MemberOf))), limits);
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
