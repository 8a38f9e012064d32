using System.Text.Json.Nodes;

namespace Warder.Cedar.Fuzz.Schemas;

/// <summary>Writes a schema in JSON, in all its equivalent forms.</summary>
internal sealed class SchemaJson(Chance chance, Model model)
{
    public JsonObject Write()
    {
        var schema = new JsonObject();
        foreach (var space in model.Namespaces)
        {
            var content = new JsonObject { ["entityTypes"] = new JsonObject(), ["actions"] = new JsonObject() };
            foreach (var kind in model.Kinds.Where(it => it.Namespace == space))
                content["entityTypes"]![kind.Name] = Annotated(Kind(kind, space));
            foreach (var action in model.Actions.Where(it => it.Namespace == space))
                content["actions"]![action.Id] = Annotated(Action(action, space));
            if (model.Commons.Any(it => it.Namespace == space))
                content["commonTypes"] = new JsonObject(
                    model.Commons.Where(it => it.Namespace == space)
                        .Select(it => KeyValuePair.Create(it.Name, (JsonNode?)Annotated(Type(it.Shape, space)))));
            schema[space] = Annotated(content);
        }

        return schema;
    }

    private JsonObject Annotated(JsonObject node)
    {
        if (chance.Of(0.1))
            node["annotations"] = new JsonObject { [chance.Pick("doc", "if", "_x")] = chance.PickFrom(Literals.Texts) };
        return node;
    }

    private JsonObject Kind(EntityKind kind, string space)
    {
        if (kind.Ids is { } ids)
            return new JsonObject { ["enum"] = Strings(ids) };
        var node = new JsonObject();
        if (kind.MemberOf.Count > 0 || chance.Of(0.3))
            node["memberOfTypes"] = Strings(kind.MemberOf.Select(it => Reference(it, space)));
        if (kind.Shape.Fields.Count > 0 || chance.Of(0.3))
            node["shape"] = Type(kind.Shape, space);
        if (kind.Tags is { } tags)
            node["tags"] = Type(tags, space);
        return node;
    }

    private JsonObject Action(ActionKind action, string space)
    {
        var node = new JsonObject();
        if (action.MemberOf.Count > 0)
        {
            node["memberOf"] = new JsonArray([.. action.MemberOf.Select(group =>
                group.Namespace == space && chance.Of(0.5)
                    ? new JsonObject { ["id"] = group.Id }
                    : new JsonObject { ["type"] = group.Type, ["id"] = group.Id })]);
        }

        if (action.AppliesTo is var (principals, resources, context))
        {
            var applies = new JsonObject
            {
                ["principalTypes"] = Strings(principals.Select(it => Reference(it, space))),
                ["resourceTypes"] = Strings(resources.Select(it => Reference(it, space))),
            };
            if (context.Fields.Count > 0 || chance.Of(0.3))
                applies["context"] = Type(context, space);
            node["appliesTo"] = applies;
        }

        return node;
    }

    private JsonObject Type(Shape shape, string space)
    {
        if (shape.Common is { } common && chance.Of(0.9))
            return Named(Reference(Model.Qualify(common.Namespace, common.Name), space), chance.Of(0.7));
        switch (shape.Kind)
        {
            case ShapeKind.Entity:
                return chance.Of(0.7) ? new JsonObject { ["type"] = "Entity", ["name"] = Reference(shape.EntityType, space) } : Named(
                    Reference(shape.EntityType, space), isDirect: false);
            case ShapeKind.Set:
                return new JsonObject { ["type"] = "Set", ["element"] = Type(shape.Element!, space) };
            case ShapeKind.Record:
                var attributes = new JsonObject();
                foreach (var field in shape.Fields)
                {
                    var type = Type(field.Shape, space);
                    if (!field.IsRequired || chance.Of(0.3))
                        type["required"] = field.IsRequired;
                    attributes[field.Name] = type;
                }

                var record = new JsonObject { ["type"] = "Record", ["attributes"] = attributes };
                if (chance.Of(0.05))
                    record["additionalAttributes"] = false;
                return record;
            case ShapeKind.Bool or ShapeKind.Long or ShapeKind.String:
                var name = shape.Kind == ShapeKind.Bool ? "Boolean" : shape.Kind.ToString();
                return chance.Of(0.9) ? new JsonObject { ["type"] = name } : Named(
                    $"{chance.Pick("", "__cedar::")}{(shape.Kind == ShapeKind.Bool ? "Bool" : name)}", chance.Of(0.3));
            default:
                var extension = shape.Kind == ShapeKind.Ip ? "ipaddr" : shape.Function!;
                return chance.Of(0.8) ? new JsonObject { ["type"] = "Extension", ["name"] = extension } : Named(
                    $"{chance.Pick("", "__cedar::")}{extension}", chance.Of(0.3));
        }
    }

    private static JsonObject Named(string name, bool isDirect)
        => isDirect ? new JsonObject { ["type"] = name } : new JsonObject { ["type"] = "EntityOrCommon", ["name"] = name };

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private string Reference(string fullName, string space)
        => fullName.LastIndexOf("::", StringComparison.Ordinal) is > 0 and var cut
            && fullName[..cut] == space
            && chance.Of(0.6) ? fullName[(cut + 2)..] : fullName;
}
