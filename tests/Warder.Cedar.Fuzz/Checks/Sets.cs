using System.Text.Json;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Fuzz.Oracle;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>Holds policies, links and schemas of a case, in each engine's form.</summary>
internal static class Sets
{
    /// <summary>The set in JSON for the official engine, in which policies may be texts.</summary>
    public static string Json(Case given)
    {
        return $"{{\"staticPolicies\":{Each(PartKind.Policy, PartKind.PolicyJson)},"
            + $"\"templates\":{Each(PartKind.Template, PartKind.TemplateJson)},"
            + $"\"templateLinks\":[{string.Join(',', given.All(PartKind.Link).Select(link => link.Text))}]}}";

        string Each(PartKind text, PartKind json)
        {
            var policies = given.Parts.Where(part => part.Kind == text || part.Kind == json);
            var members = policies.Select(part => $"{Call.Text(part.Id)}:{(part.Kind == text ? Call.Text(part.Text) : part.Text)}");
            return $"{{{string.Join(',', members)}}}";
        }
    }

    /// <summary>Whether policies are in JSON rather than in text.</summary>
    public static bool IsJson(Case given) => given.The(PartKind.PolicyJson) is not null || given.The(PartKind.TemplateJson) is not null;

    /// <summary>Parses the set with Warder.Cedar.</summary>
    public static Parsed<PolicySet> Read(Case given)
    {
        if (IsJson(given))
            return PolicySet.ParseJson(Json(given));
        var policies = new List<(string Id, PolicySyntax Syntax)>();
        foreach (var part in given.All(PartKind.Policy).Concat(given.All(PartKind.Template)))
        {
            var read = One(part.Text, part.Kind == PartKind.Template);
            if (!read.Succeeded)
                return new Parsed<PolicySet>(read.Diagnostics);
            policies.Add((part.Id, read.Value));
        }

        var set = PolicySet.Empty.With(policies);
        return set.Succeeded ? set.Value.Link(given.All(PartKind.Link).Select(Link)) : set;
    }

    /// <summary>Parses the one policy, or the one template, of a text.</summary>
    public static Parsed<PolicySyntax> One(string text, bool isTemplate)
    {
        var set = PolicySet.Parse(text);
        if (!set.Succeeded)
            return new Parsed<PolicySyntax>(set.Diagnostics);
        PolicySyntax[] all = [
            .. set.Value.Policies.Select(policy => policy.Syntax), .. set.Value.Templates.Select(template => template.Syntax)];
        return all.Length == 1 && all[0].IsTemplate == isTemplate
            ? new Parsed<PolicySyntax>(all[0])
            : new Parsed<PolicySyntax>(
                [new Diagnostic { Code = SyntaxCodes.InvalidShape, Message = "one policy or template is expected" }]);
    }

    /// <summary>Parses the schema; null when the case has none.</summary>
    public static Parsed<Schema>? Schema(Case given)
        => given.The(PartKind.Schema) is { } text ? Cedar.Schemas.Schema.Parse(text.Text) : given.The(PartKind.SchemaJson) is { } json
            ? Cedar.Schemas.Schema.ParseJson(json.Text)
            : null;

    /// <summary>Returns the schema as JSON for the official engine; null when the case has none.</summary>
    public static string? SchemaArgument(Case given)
        => given.The(PartKind.Schema) is { } text ? Call.Text(text.Text) : given.The(PartKind.SchemaJson)?.Text;

    /// <summary>Parses an entity's name in JSON; null when it is not one.</summary>
    public static EntityUid? Uid(JsonElement name)
    {
        if (name is { ValueKind: JsonValueKind.Object } && name.TryGetProperty("__entity", out var inner))
            name = inner;
        return name is { ValueKind: JsonValueKind.Object }
            && name.TryGetProperty("type", out var type)
            && name.TryGetProperty("id", out var id)
            && type.ValueKind == JsonValueKind.String
                && id.ValueKind == JsonValueKind.String
                && EntityTypeName.TryParse(type.GetString(), out var read)
            ? new EntityUid(read, id.GetString()!)
            : null;
    }

    private static TemplateLink Link(Part part)
    {
        using var document = JsonDocument.Parse(part.Text);
        var link = document.RootElement;
        return new TemplateLink(
            link.GetProperty("templateId").GetString()!, link.GetProperty("newId").GetString()!, Value("?principal"), Value("?resource"));

        EntityUid? Value(string slot) => link.GetProperty("values").TryGetProperty(slot, out var uid) ? Uid(uid) : null;
    }
}
