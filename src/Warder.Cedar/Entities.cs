using System.Collections;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar;

/// <summary>
/// A store of entities, each with its precomputed ancestors. Immutable and thread-safe. (Cedar documentation: "Entities and context
/// syntax".)
/// </summary>
public sealed class Entities : EntitySource, IReadOnlyCollection<Entity>
{
    private readonly UidTable<Entity> _entities;

    private Entities(IReadOnlyCollection<KeyValuePair<EntityUid, Entity>> entities) => _entities = new UidTable<Entity>(entities);

    /// <summary>The store without entities.</summary>
    public static Entities Empty { get; } = new([]);

    /// <summary>The number of entities.</summary>
    public int Count => _entities.Count;

    /// <summary>
    /// Creates a store. The call fails when an entity is its own ancestor, or when two entities with the same uid differ. It also fails
    /// when an action has a parent that is no action, or when the entities or ancestors exceed the limits.
    /// </summary>
    public static Parsed<Entities> Create(IEnumerable<Entity> entities, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var hierarchy = new Hierarchy(limits ?? Limits.Default);
        foreach (var entity in entities)
        {
            if (hierarchy.Add(entity) is { } error)
                return new Parsed<Entities>([error]);
        }

        return hierarchy.Close() is { } problem ? new Parsed<Entities>([problem]) : new Parsed<Entities>(new Entities(hierarchy.Closed));
    }

    /// <summary>
    /// Parses a JSON array of <c>{"uid": {"type": "User", "id": "alice"}, "attrs": {…}, "parents": [{"type": …, "id": …}], "tags":
    /// {…}}</c>. The member <c>tags</c> is optional. Values are JSON booleans, strings, integers, arrays and objects. An entity reference
    /// is <c>{"__entity": {"type": …, "id": …}}</c>; a value of an extension type is <c>{"__extn": {"fn": "ip", "arg": "10.0.0.1"}}</c>.
    /// Each syntax error has its position in the text and in the document. The errors of <see cref="Create"/> are reported too.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">The name of the document in error messages.</param>
    /// <param name="limits">The bounds on the input.</param>
    public static Parsed<Entities> ParseJson(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        limits ??= Limits.Default;
        var (entities, errors) = EntityJson.ReadAll(new SourceText(json, file), null, limits);
        return errors.Count > 0 ? new Parsed<Entities>(errors) : Create(entities, limits);
    }

    /// <summary>
    /// Formats the store as JSON for <see cref="ParseJson"/>. A record that has the form of an escape (<c>__entity</c>, <c>__extn</c>)
    /// reads back as the escaped value.
    /// </summary>
    public string ToJson() => ValueWriter.Of(this);

    /// <inheritdoc/>
    public override Entity? Find(EntityUid uid) => _entities.Find(uid);

    /// <summary>Whether an entity equals another entity or is its direct or indirect descendant.</summary>
    public bool IsIn(EntityUid uid, EntityUid ancestor) => uid == ancestor || Find(uid)?.Ancestors!.Contains(ancestor) == true;

    /// <summary>Enumerates the entities in unspecified order.</summary>
    public IEnumerator<Entity> GetEnumerator() => _entities.Items().Select(item => item.Value).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
