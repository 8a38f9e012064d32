using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Validation;

namespace Warder.Cedar.Tests.Corpus;

/// <summary>
/// The schemas of the official corpus are read, converted and used to validate as the official engine, version 4.13, does it.
/// </summary>
public sealed class SchemaCorpusTests
{
    private const string Public = "cedar-corpus-public.tar.gz", Handwritten = "cedar-handwritten.tar.gz";

    [Theory]
    [InlineData(Public, "corpus-tests/", 6_799)]
    [InlineData(Handwritten, "tests/", 22)]
    public void A_policy_is_valid_where_the_corpus_says_so(string archive, string folder, int cases)
    {
        var changed = new ConcurrentBag<string>();
        var wrong = Each(archive, folder, cases, (corpus, name, test) =>
        {
            var result = Validator.Validate(PolicySet.Parse(corpus.Text(test, "policies")).ValueOrThrow(), corpus.Schema(test));
            if (result.IsValid == (bool)test["shouldValidate"]!)
                return null;
            if (!result.Warnings.Any(warning => warning.Code == ValidationCodes.NoApplicableAction))
                return $"it is {result.IsValid}: {string.Join('\n', result.Errors)}";
            changed.Add(Path.GetFileNameWithoutExtension(name));
            return null;
        });

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.Equal(archive == Public ? ApplicableAction.Changed.Order() : [], changed.Order());
    }

    [Fact]
    public void Each_policy_entity_and_request_is_valid_where_the_recording_says_so()
    {
        var wrong = Each(Public, "corpus-tests/", 6_799, (corpus, name, test) =>
        {
            var id = Path.GetFileNameWithoutExtension(name);
            if (!corpus.Files.TryGetValue($"validation/{id}.validation.json", out var text))
                return null;
            var (recorded, schema) = (JsonNode.Parse(text)!, corpus.Schema(test));
            var problems = new List<string>();
            var result = Validator.Validate(PolicySet.Parse(corpus.Text(test, "policies")).ValueOrThrow(), schema);
            foreach (var (policy, verdict) in recorded["policyValidation"]!["perPolicy"]!.AsObject())
            {
                if ((bool)verdict!["strict"]! == result.Errors.Any(error => error.PolicyId == policy)
                    && !ApplicableAction.Changed.Contains(id))
                    problems.Add($"{policy}: {string.Join('\n', result.Errors)}");
            }

            // No verdict has a faulty entity: all fit their schemas.
            var entities = schema.ParseEntities(corpus.Text(test, "entities")).ValueOrThrow()
                .ToDictionary(entity => $"{entity.Uid.Type}::{entity.Uid.Id}");
            foreach (var (entity, verdict) in recorded["entityValidation"]!["perEntity"]!.AsObject())
            {
                if (verdict!.AsObject().Count > 0 || !Validator.Validate(entities[entity], schema).IsValid)
                    problems.Add(entity);
            }

            foreach (var (request, verdict) in test["requests"]!.AsArray().Zip(recorded["requestValidation"]!.AsArray()))
            {
                if (Validator.Validate(corpus.Request(schema, request!), schema).IsValid != (bool)verdict!["strict"]!)
                    problems.Add($"{verdict["description"]}");
            }

            return problems.Count == 0 ? null : string.Join(", ", problems);
        });

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Every_schema_is_in_JSON_as_recorded_and_is_the_same_behind_a_conversion()
    {
        var wrong = Each(Public, "corpus-tests/", 6_799, (corpus, name, test) =>
        {
            var schema = corpus.Schema(test);
            var json = schema.ToJson();
            if (corpus.Files.TryGetValue($"json-schemas/{Path.GetFileNameWithoutExtension(name)}.cedarschema.json", out var recorded)
                && !JsonNode.DeepEquals(JsonNode.Parse(recorded), JsonNode.Parse(json)))
                return $"expected {recorded} and it is {json}";
            var behindJson = Schema.ParseJson(json).ValueOrThrow();
            if (behindJson.ToJson() != json)
                return "JSON to schema to JSON differs";
            var behindText = Schema.Parse(schema.ToText().ValueOrThrow()).ValueOrThrow();
            if (behindText.ToJson() != json)
                return "schema to text to schema differs";
            var behindBoth = Schema.Parse(behindJson.ToText().ValueOrThrow()).ValueOrThrow();
            return behindBoth.ToJson() == json ? null : "JSON to text to JSON differs";
        });

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [InlineData(Public, "corpus-tests/", 6_799)]
    [InlineData(Handwritten, "tests/", 22)]
    public void Entities_and_contexts_that_are_read_with_the_schema_give_the_same_decisions(string archive, string folder, int cases)
    {
        var wrong = Each(archive, folder, cases, (corpus, _, test) =>
        {
            var schema = corpus.Schema(test);
            var policies = PolicySet.Parse(corpus.Text(test, "policies")).ValueOrThrow();
            var entities = schema.ParseEntities(corpus.Text(test, "entities")).ValueOrThrow();
            foreach (var request in test["requests"]!.AsArray())
            {
                var decision = Authorizer.Decide(policies, corpus.Request(schema, request!), entities);
                var isSame = decision.IsAllowed == ((string)request!["decision"]! == "allow")
                    && Ids(request["reason"]!).SetEquals(decision.Reasons)
                    && Ids(request["errors"]!).SetEquals(decision.Errors.Select(error => error.PolicyId));
                if (!isSame)
                    return $"{request} and it is {decision.IsAllowed} because of {string.Join(", ", decision.Reasons)};"
                        + $" {string.Join(", ", decision.Errors)}";
            }

            return null;

            static HashSet<string> Ids(JsonNode ids) => [.. ids.AsArray().Select(id => (string)id!)];
        });

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static List<string> Each(string archive, string folder, int cases, Func<Archive, string, JsonNode, string?> check)
    {
        Assert.SkipWhen(CorpusFiles.IsMissing, "CEDAR_CORPUS is not set");
        var corpus = new Archive(CorpusFiles.Read(archive));
        var names = corpus.Files.Keys.Where(
            name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal)
            && !name.EndsWith(".entities.json", StringComparison.Ordinal)).ToList();
        Assert.Equal(cases, names.Count);
        var wrong = names.AsParallel().Select(
            name => check(corpus, name, JsonNode.Parse(corpus.Files[name])!) is { } problem ? $"{name}: {problem}" : null);
        return [.. wrong.OfType<string>()];
    }

    private sealed record Archive(Dictionary<string, string> Files)
    {
        public string Text(JsonNode test, string part) => Files[(string)test[part]!];

        public Schema Schema(JsonNode test) => Cedar.Schemas.Schema.Parse(Text(test, "schema")).ValueOrThrow();

        public Request Request(Schema schema, JsonNode request)
        {
            var action = Uid("action");
            return new Request(
                Uid("principal"), action, Uid("resource"), schema.ParseContext(action, request["context"]!.ToJsonString()).ValueOrThrow());

            EntityUid Uid(string part) => new((string)request[part]!["type"]!, (string)request[part]!["id"]!);
        }
    }
}
