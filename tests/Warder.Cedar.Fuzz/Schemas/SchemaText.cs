using System.Text;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Fuzz.Schemas;

/// <summary>Writes a schema in Cedar's syntax, in all its equivalent forms.</summary>
internal sealed class SchemaText(Chance chance, Model model)
{
    private readonly StringBuilder _text = new();
    private int _also;

    public string Write()
    {
        foreach (var space in model.Namespaces)
        {
            var isOpened = space.Length > 0;
            if (isOpened)
                _text.Append(Annotations()).Append($"namespace {space} {{\n");
            foreach (var common in model.Commons.Where(it => it.Namespace == space))
                _text.Append(Annotations()).Append($"type {common.Name} = {Type(common.Shape, space)};\n");
            foreach (var kind in model.Kinds.Where(it => it.Namespace == space))
                Kind(kind, space);
            foreach (var action in model.Actions.Where(it => it.Namespace == space))
                Action(action, space);
            if (isOpened)
                _text.Append("}\n");
        }

        return _text.ToString();
    }

    /// <summary>Writes annotations before a declaration, or none.</summary>
    private string Annotations()
        => chance.Of(0.15) ? chance.Note("schema:annotation", chance.Pick("@doc(\"what it is\") ", "@a @b(\"\")\n", "@if(\"x\") ")) : "";

    private void Kind(EntityKind kind, string space)
    {
        _text.Append(Annotations()).Append(
            $"entity {(chance.Of(0.06) ? chance.Note("schema:several at once", $"Also{_also++}, ") : "")}{kind.Name}");
        if (kind.Ids is { } ids)
        {
            _text.Append($" enum [{List(ids.Select(id => Quoted.Cedar(chance, id)))}];\n");
            return;
        }

        if (kind.MemberOf.Count > 0)
            _text.Append(
                kind.MemberOf.Count == 1 && chance.Of(0.5)
                    ? $" in {Reference(kind.MemberOf[0], space)}"
                    : $" in [{List(kind.MemberOf.Select(it => Reference(it, space)))}]");
        if (kind.Shape.Fields.Count > 0 || chance.Of(0.3))
            _text.Append(chance.Of(0.3) ? " = " : " ").Append(
                kind.Shape.Common is null || chance.Of(0.9) ? Record(kind.Shape, space) : Type(kind.Shape, space));
        if (kind.Tags is { } tags)
            _text.Append($" tags {Type(tags, space)}");
        _text.Append(";\n");
    }

    private void Action(ActionKind action, string space)
    {
        _text.Append(Annotations()).Append($"action {ActionId(action.Id)}{(chance.Of(0.06) ? $", {ActionId($"also {_also++}")}" : "")}");
        if (action.MemberOf.Count > 0)
            _text.Append(
                action.MemberOf.Count == 1
                    && chance.Of(0.4) ? $" in {Group(action.MemberOf[0])}" : $" in [{List(action.MemberOf.Select(Group))}]");
        if (action.AppliesTo is var (principals, resources, context))
        {
            var parts = new List<string> { $"principal: {Kinds(principals)}", $"resource: {Kinds(resources)}" };
            if (context.Fields.Count > 0 || chance.Of(0.3))
                parts.Add($"context: {Type(context, space)}");
            _text.Append($" appliesTo {{ {List(parts, trailing: 0.1)} }}");
        }

        _text.Append(";\n");

        string Group(ActionKind group) => group.Namespace == space
            && chance.Of(0.5) ? ActionId(group.Id) : $"{group.Type}::{Quoted.Cedar(chance, group.Id)}";
        string Kinds(List<string> kinds) => kinds.Count == 1
            && chance.Of(0.5) ? Reference(kinds[0], space) : $"[{List(kinds.Select(it => Reference(it, space)))}]";
    }

    // A reserved word needs quotation marks as a name.
    private bool IsPlain(string name) => Identifiers.IsName(name) || (Identifiers.IsIdentifier(name) && chance.Of(0.01));

    private string ActionId(string id) => IsPlain(id) && chance.Of(0.6) ? id : Quoted.Cedar(chance, id);

    private string List(IEnumerable<string> items, double trailing = 0.005)
        => string.Join(", ", items) is { Length: > 0 } list && chance.Of(trailing) ? $"{list}," : string.Join(", ", items);

    private string Reference(string fullName, string space)
    {
        var cut = fullName.LastIndexOf("::", StringComparison.Ordinal);
        return cut > 0 && fullName[..cut] == space && chance.Of(0.6) ? fullName[(cut + 2)..] : fullName;
    }

    private string Type(Shape shape, string space) => shape switch
    {
        { Common: { } common } when chance.Of(0.9) => Reference(Model.Qualify(common.Namespace, common.Name), space),
        { Kind: ShapeKind.Bool } => Builtin("Bool", "Boolean"),
        { Kind: ShapeKind.Long } => Builtin("Long"),
        { Kind: ShapeKind.String } => Builtin("String"),
        { Kind: ShapeKind.Ip } => Builtin("ipaddr"),
        { Kind: ShapeKind.Decimal } => Builtin("decimal"),
        { Kind: ShapeKind.DateTime } => Builtin("datetime"),
        { Kind: ShapeKind.Duration } => Builtin("duration"),
        { Kind: ShapeKind.Entity } => Reference(shape.EntityType, space),
        { Kind: ShapeKind.Set } => $"Set<{Type(shape.Element!, space)}>",
        _ => Record(shape, space),
    };

    private string Builtin(params ReadOnlySpan<string> names)
        => chance.Of(0.08) ? chance.Note("schema:__cedar", $"__cedar::{names[0]}") : chance.Of(0.01) ? chance.Pick(names) : names[0];

    private string Record(Shape shape, string space) => $"{{ {List(shape.Fields.Select(field =>
        (chance.Of(0.03) ? Annotations() : "")
            + (IsPlain(field.Name) && chance.Of(0.8) ? field.Name : Quoted.Cedar(chance, field.Name))
            + $"{(field.IsRequired ? "" : "?")}: {Type(field.Shape, space)}"), trailing: 0.1)} }}";
}
