using System.Collections;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar;

/// <summary>
/// A store of entities, each with all that it is in, gathered once. Immutable, and so for any number of threads. (Cedar documentation:
/// "Entities and context syntax".)
/// </summary>
public sealed class Entities : EntitySource, IReadOnlyCollection<Entity>
{
    private readonly UidTable<Entity> _entities;

    private Entities(IReadOnlyCollection<KeyValuePair<EntityUid, Entity>> entities) => _entities = new UidTable<Entity>(entities);

    /// <summary>The store without entities.</summary>
    public static Entities Empty { get; } = new([]);

    /// <summary>How many entities there are.</summary>
    public int Count => _entities.Count;

    /// <summary>
    /// The store of these entities. Errors: an entity that is in itself, through others or not; two of the same name that differ; an action
    /// that is in something else than an action; more entities or ancestors than the limits allow.
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
    /// Reads a JSON array of <c>{"uid": {"type": "User", "id": "alice"}, "attrs": {…}, "parents": [{"type": …, "id": …}], "tags": {…}}</c>,
    /// the last of which may be missing. Values are JSON's booleans, strings, integers, arrays and objects; entities are <c>{"__entity":
    /// {"type": …, "id": …}}</c>, and values of extension types <c>{"__extn": {"fn": "ip", "arg": "10.0.0.1"}}</c>. Errors have the place
    /// in the text and in the document; besides those of the form, they are the ones of <see cref="Create"/>.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">What it is called in errors.</param>
    /// <param name="limits">How much is read.</param>
    public static Parsed<Entities> ParseJson(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        limits ??= Limits.Default;
        var (entities, errors) = EntityJson.ReadAll(new SourceText(json, file), null, limits);
        return errors.Count > 0 ? new Parsed<Entities>(errors) : Create(entities, limits);
    }

    /// <summary>
    /// The JSON form, as <see cref="ParseJson"/> reads it. A record with a field that is called as an escape is, and has its form, would be
    /// read as what the escape stands for.
    /// </summary>
    public string ToJson() => ValueWriter.Of(this);

    /// <inheritdoc/>
    public override Entity? Find(EntityUid uid) => _entities.Find(uid);

    /// <summary>Whether an entity is in another, directly or through others, or is that one.</summary>
    public bool IsIn(EntityUid uid, EntityUid ancestor) => uid == ancestor || Find(uid)?.Ancestors!.Contains(ancestor) == true;

    /// <summary>The entities, in no order.</summary>
    public IEnumerator<Entity> GetEnumerator() => _entities.Items().Select(item => item.Value).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
