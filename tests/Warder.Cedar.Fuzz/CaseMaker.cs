using System.Text.Json;
using Warder.Cedar.Fuzz.Checks;
using Warder.Cedar.Fuzz.Data;
using Warder.Cedar.Fuzz.Mutations;
using Warder.Cedar.Fuzz.Policies;
using Warder.Cedar.Fuzz.Schemas;

namespace Warder.Cedar.Fuzz;

/// <summary>Makes all cases of one world, a schema with entities, from the world's number.</summary>
internal sealed class CaseMaker
{
    private readonly Chance _chance;
    private readonly Model _model;
    private readonly Population _population;
    private readonly string _schema, _schemaJson;

    public CaseMaker(int world, Features features)
    {
        _chance = new Chance(world, features);
        _model = new SchemaMaker(_chance).Make();
        _population = new Population(_chance, _model);
        _schema = new SchemaText(_chance, _model).Write();
        _schemaJson = new SchemaJson(_chance, _model).Write().ToJsonString();
    }

    public IEnumerable<Case> Make()
    {
        yield return Decisions(_chance.Pick(1, 2, 4, 6, 10, 20, 50), _chance.Pick(0.01, 0.05, 0.3), [], isGuided: false, requests: 24);
        yield return Decisions(_chance.Pick(1, 3, 5, 8, 12), _chance.Pick(0.005, 0.03), [SchemaPart()], isGuided: true, requests: 24);
        yield return Conditions();
        foreach (var given in JsonSets())
            yield return given;
        yield return new Case(new ValidationCheck(), [SchemaPart(), .. PolicyParts(_chance.Between(3, 10), 0)]);
        yield return new Case(new ValidationCheck(), [SchemaPart(), .. PolicyParts(_chance.Between(3, 10), _chance.Pick(0.005, 0.02))]);
        yield return MutatedValidation();
        yield return MutatedValidation();
        foreach (var given in SchemaCases())
            yield return given;
        foreach (var given in EntityCases())
            yield return given;
        foreach (var given in Texts())
            yield return given;
        yield return Decisions(4, 0, [SchemaPart()], isGuided: true, requests: 4) with { Check = new LevelCheck() };
    }

    private Part SchemaPart() => _chance.Of(0.5) ? new Part(PartKind.Schema, "", _schema) : new Part(PartKind.SchemaJson, "", _schemaJson);

    private Case Decisions(int policies, double looseness, IEnumerable<Part> schema, bool isGuided, int requests)
        => new(
            new DecisionCheck(),
            [.. schema, .. PolicyParts(policies, looseness), EntitiesPart(isGuided), .. _chance.Many(requests, () => Request(isGuided))]);

    // Many conditions, each of which every request evaluates.
    private Case Conditions()
    {
        var maker = new PolicyMaker(_chance, _model, _population, _chance.Pick(0, 0.02, 0.1));
        var policies = Enumerable.Range(0, 60).Select(i => new Part(PartKind.Policy, $"{i}", maker.MakeCondition()));
        return new Case(
            new DecisionCheck(), [.. policies, EntitiesPart(isGuided: false), .. _chance.Many(4, () => Request(isGuided: false))]);
    }

    private Part EntitiesPart(bool isGuided) => new(PartKind.Entities, "", $"[{string.Join(",\n", _population.Write(isGuided, 0.0003))}]");

    private List<Part> PolicyParts(int count, double looseness)
    {
        var maker = new PolicyMaker(_chance, _model, _population, looseness);
        var parts = new List<Part>();
        for (var i = 0; i < count; i++)
        {
            var isTemplate = _chance.Of(0.15);
            var text = maker.Make(isTemplate);
            var id = _chance.Of(0.9) ? $"policy{i}" : $"{_chance.PickFrom(Literals.Ids)}{i}";
            parts.Add(
                new Part(
                    isTemplate ? PartKind.Template : PartKind.Policy, id, _chance.Of(0.2) ? TextMutation.Respaced(_chance, text) : text));
            for (var links = isTemplate ? _chance.Below(3) : 0; links > 0; links--)
                parts.Add(new Part(PartKind.Link, $"{i}-{links}", Link(id, $"link{i}-{links}", text)));
        }

        return parts;
    }

    private string Link(string template, string id, string text)
    {
        _chance.Note("link");
        var slots = new[] { "principal", "resource" }.Where(
            slot => text.Contains($"?{slot}", StringComparison.Ordinal) ? !_chance.Of(0.005) : _chance.Of(0.005));
        return $"{{\"templateId\":{Quoted.Json(_chance, template)},\"newId\":\"{(_chance.Of(0.005) ? "policy0" : id)}\","
            + $"\"values\":{{{string.Join(',', slots.Select(slot => $"\"?{slot}\":{_population.Any().Json(_chance)}"))}}}}}";
    }

    private Part Request(bool isGuided)
    {
        var action = _chance.PickFrom(_model.Actions);
        var values = new ValueMaker(_chance, _population, isGuided, 0.003);
        var (principals, resources, context) = action.AppliesTo ?? ([], [], Shape.RecordOf([]));
        var name = _chance.Of(0.98) ? Population.Of(action) : _population.Action();
        var text =
            $"{{\"principal\":{Entity(principals)},\"action\":{name.Json(_chance)},\"resource\":{Entity(resources)},"
                + $"\"context\":{values.Record(context.Fields)},\"validateRequest\":{(_chance.Of(0.6) ? "true" : "false")}}}";
        return new Part(PartKind.Request, "", text);

        string Entity(List<string> types) => (types.Count > 0
            && _chance.Of(0.95) ? _population.Of(_chance.PickFrom(types)) : _population.Any()) is var uid
            && _chance.Of(0.97) ? uid.Json(_chance) : uid.Escaped(_chance);
    }

    // JSON policies: first as written, then mutated.
    private IEnumerable<Case> JsonSets()
    {
        for (var i = 0; i < 4; i++)
        {
            var isChanged = i > 0;
            var parts = PolicyParts(_chance.Between(1, 3), 0.05).ConvertAll(part => part.Kind == PartKind.Link
                ? isChanged && _chance.Of(0.3) ? part with { Text = Changed(part.Text) } : part
                : Sets.One(part.Text, part.Kind == PartKind.Template).Value is { } policy
                    ? new Part(
                        part.Kind == PartKind.Template ? PartKind.TemplateJson : PartKind.PolicyJson, part.Id,
                        isChanged ? Changed(policy.ToJson()) : policy.ToJson())
                    : part);
            yield return new Case(new DecisionCheck(), [.. parts, EntitiesPart(isGuided: false), Request(false), Request(false)]);
        }

        // In place of an object, the official package also accepts a policy as text.
        string Changed(string json) => JsonMutation.Of(_chance, json) is var changed && JsonDocuments.IsObject(changed) ? changed : json;
    }

    // Policies that are nearly well typed.
    private Case MutatedValidation()
    {
        var parts = PolicyParts(4, 0).ConvertAll(
            part => part.Kind == PartKind.Link ? part : part with { Text = TextMutation.Of(_chance, part.Text) });
        var accepted = parts.Where(part => part.Kind != PartKind.Link && Sets.One(part.Text, part.Kind == PartKind.Template).Succeeded);
        return new Case(new ValidationCheck(), [SchemaPart(), .. accepted]);
    }

    private IEnumerable<Case> SchemaCases()
    {
        yield return Of(PartKind.Schema, _schema);
        yield return Of(PartKind.Schema, TextMutation.Respaced(_chance, _schema));
        yield return Of(PartKind.SchemaJson, _schemaJson);
        for (var i = 0; i < 3; i++)
        {
            yield return Of(PartKind.Schema, TextMutation.Of(_chance, _schema));
            yield return Of(PartKind.SchemaJson, JsonMutation.Of(_chance, _schemaJson));
        }

        static Case Of(PartKind kind, string text) => new(new SchemaCheck(), [new Part(kind, "", text)]);
    }

    private IEnumerable<Case> EntityCases()
    {
        for (var i = 0; i < 5; i++)
        {
            var isGuided = i < 3;
            var schema = isGuided ? new[] { SchemaPart() } : [];
            var entities = _chance.Some(_population.Write(isGuided, 0.003), 0.4);
            var text = $"[{string.Join(",\n", entities)}]";
            var requests = _chance.Many(
                2, () => Request(isGuided) is var request
                    && _chance.Of(0.7) ? request with { Text = MutatedContext(request.Text) } : request);
            yield return new Case(
                new EntityCheck(),
                [.. schema, new Part(PartKind.Entities, "", _chance.Of(0.75) ? JsonMutation.Of(_chance, text) : text), .. requests]);
        }
    }

    private string MutatedContext(string request)
    {
        using var document = JsonDocument.Parse(request);
        var root = document.RootElement;
        var mutated =
            $"{{\"action\":{root.GetProperty("action").GetRawText()},"
                + $"\"context\":{JsonMutation.Of(_chance, root.GetProperty("context").GetRawText())}}}";
        return JsonDocuments.IsObject(mutated) ? mutated : request;
    }

    private IEnumerable<Case> Texts()
    {
        var maker = new PolicyMaker(_chance, _model, _population, 0.05);
        for (var i = 0; i < 8; i++)
        {
            var text = string.Join('\n', _chance.Many(_chance.Between(1, 3), () => maker.Make(_chance.Of(0.2))));
            yield return new Case(
                new TextCheck(),
                [new Part(PartKind.Policies, "", i == 0 ? TextMutation.Respaced(_chance, text) : TextMutation.Of(_chance, text))]);
        }
    }
}
