using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Validation;

/// <summary>
/// Checks whether entities and requests conform to a schema. (Cedar documentation: "Schema", "Entities and context syntax".)
/// </summary>
internal sealed class ConformanceRules(Schema schema)
{
    /// <summary>Checks an entity. Of an action, only its existence is checked: see <see cref="CheckAction"/>.</summary>
    public IEnumerable<Mismatch> Check(Entity entity)
    {
        if (entity.Uid.Type.IsAction)
            return schema.Actions.ContainsKey(entity.Uid) ? [] : [UnknownAction(["uid"], entity.Uid)];
        if (!schema.EntityTypes.TryGetValue(entity.Uid.Type, out var type))
            return [UnknownType(["uid"], entity.Uid.Type)];
        return CheckEnum(["uid"], entity.Uid)
            .Concat(CheckRecord(["attrs"], entity.Attributes, type.Attributes, type.RequiredAttributes))
            .Concat(CheckTags(entity, type))
            .Concat(entity.Parents.SelectMany(parent => CheckParent(parent, type)));
    }

    /// <summary>Checks an action entity. It must equal its declaration in the schema; it may also be omitted.</summary>
    /// <param name="action">The action.</param>
    /// <param name="ancestors">All direct and indirect groups of the action.</param>
    public IEnumerable<Mismatch> CheckAction(Entity action, IReadOnlyCollection<EntityUid> ancestors)
    {
        if (!schema.Actions.TryGetValue(action.Uid, out var declared))
            return [UnknownAction(["uid"], action.Uid)];
        return action.Attributes.Count + action.Tags.Count == 0 && declared.Ancestors.SetEquals(ancestors)
            ? []
            : [new Mismatch(
                [], ConformanceCodes.ActionDiffers, $"`{action.Uid}` differs from the schema in its groups, attributes or tags",
                "actions can be omitted from the entities")];
    }

    /// <summary>Checks a request.</summary>
    public IEnumerable<Mismatch> Check(Request request)
    {
        if (!schema.Actions.TryGetValue(request.Action, out var action))
            return [UnknownAction(["action"], request.Action)];
        return CheckPart("principal", request.Principal, action.Principals)
            .Concat(CheckPart("resource", request.Resource, action.Resources))
            .Concat(CheckRecord(["context"], request.Context, action.Context.Attributes!, action.Context.Required));

        IEnumerable<Mismatch> CheckPart(string part, EntityUid uid, IReadOnlySet<EntityTypeName> types)
        {
            if (!schema.EntityTypes.ContainsKey(uid.Type))
                return [UnknownType([part], uid.Type)];
            return types.Contains(uid.Type)
                ? CheckEnum([part], uid)
                : [new Mismatch(
                    [part], ConformanceCodes.ActionNotApplicable, $"`{action.Uid}` does not apply to a {part} of type `{uid.Type}`",
                    HelpWith(types.Select(it => it.Text)))];
        }
    }

    /// <summary>Checks the context of an action's requests.</summary>
    public IEnumerable<Mismatch> CheckContext(CedarRecord context, SchemaAction action)
        => CheckRecord([], context, action.Context.Attributes!, action.Context.Required);

    private static string? HelpWith(IEnumerable<string> names)
        => string.Join(", ", names.Order(StringComparer.Ordinal).Take(8).Select(name => $"`{name}`")) is { Length: > 0 } list
            ? $"permitted: {list}"
            : null;

    private static Mismatch Differs(ReadOnlySpan<string> path, CedarType type, Value value)
        => new(
            path.ToArray(), ConformanceCodes.WrongType,
            $"a value of type `{type}` is expected, not "
                + (value.TryGet(out EntityUid? uid) ? $"`{uid}`" : Kinds.Name(value.Kind)));

    private static Mismatch UnknownAction(string[] path, EntityUid uid)
        => new(path, ValidationCodes.UnknownAction, $"the schema has no action `{uid}`");

    private Mismatch UnknownType(string[] path, EntityTypeName type)
        => new(
            path, ValidationCodes.UnknownEntityType, $"the schema has no entity type `{type}`",
            Spelling.Help(type.Text, schema.EntityTypes.Keys.Select(it => it.Text)));

    private IEnumerable<Mismatch> CheckEnum(string[] path, EntityUid uid)
        => schema.EntityTypes.GetValueOrDefault(uid.Type)?.Ids is { } ids && !ids.Contains(uid.Id)
            ? [new Mismatch(
                path, ValidationCodes.UnknownEnumEntity, $"`{uid}` is none of the entities that `{uid.Type}` enumerates", HelpWith(ids))]
            : [];

    private IEnumerable<Mismatch> CheckTags(Entity entity, SchemaEntityType type)
    {
        if (type.Tags is { } tags)
            return entity.Tags.SelectMany(tag => CheckValue(["tags", tag.Key], tag.Value, tags));
        return entity.Tags.Count == 0 ? [] : [new Mismatch(["tags"], ConformanceCodes.NoTags, $"entities of type `{type}` have no tags")];
    }

    // The check covers the direct parent only. The parent's own entity is checked for further ancestors.
    private IEnumerable<Mismatch> CheckParent(EntityUid parent, SchemaEntityType type)
        => type.Ancestors.Contains(parent.Type)
            ? CheckEnum(["parents"], parent)
            : [new Mismatch(
                ["parents"], ConformanceCodes.WrongParent, $"an entity of type `{type}` cannot have a parent of type `{parent.Type}`",
                HelpWith(type.Ancestors.Select(it => it.Text)))];

    private IEnumerable<Mismatch> CheckValue(string[] path, Value value, CedarType type)
    {
        if (value.Kind != type.Kind)
            return [Differs(path, type, value)];
        if (value.TryGet(out EntityUid? uid))
        {
            if (uid.Type != type.Entity)
                return [Differs(path, type, value)];
            return uid.Type.IsAction && !schema.Actions.ContainsKey(uid) ? [UnknownAction(path, uid)] : CheckEnum(path, uid);
        }

        if (value.TryGet(out CedarSet? set))
            return set.SelectMany(element => CheckValue(path, element, type.Element!));
        return value.TryGet(out CedarRecord? record) ? CheckRecord(path, record, type.Attributes!, type.Required) : [];
    }

    // The cost of a record depends on its own fields, not on the optional attributes of the schema.
    private IEnumerable<Mismatch> CheckRecord(
        string[] path, CedarRecord record, IReadOnlyDictionary<string, SchemaAttribute> attributes, IReadOnlyList<string> required)
    {
        foreach (var name in required)
        {
            if (!record.ContainsKey(name))
                yield return new Mismatch(path, ConformanceCodes.MissingAttribute, $"the attribute `{name}` is required and missing");
        }

        foreach (var (name, value) in record)
        {
            if (attributes.TryGetValue(name, out var attribute))
            {
                foreach (var mismatch in CheckValue([.. path, name], value, attribute.Type))
                    yield return mismatch;
            }
            else
            {
                yield return new Mismatch(
                    [.. path, name], ValidationCodes.UnknownAttribute, $"the schema has no attribute `{name}` here",
                    Spelling.Help(name, attributes.Keys));
            }
        }
    }
}
