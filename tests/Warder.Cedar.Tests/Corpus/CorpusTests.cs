using System.Text.Json;
using Warder.Cedar.Schemas;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Corpus;

/// <summary>
/// Every request of the official corpus is decided as the official engine decides it: the decision, its reasons, and the policies that
/// failed.
/// </summary>
public sealed class CorpusTests
{
    [Theory]
    [InlineData("cedar-corpus-public.tar.gz", "corpus-tests/", 6_799, true)]
    [InlineData("cedar-handwritten.tar.gz", "tests/", 22, false)]
    public void Every_request_is_decided_as_recorded(string archive, string folder, int cases, bool hasEscapes)
    {
        Assert.SkipWhen(CorpusFiles.IsMissing, "CEDAR_CORPUS is not set");
        var files = CorpusFiles.Read(archive);
        var names = files.Keys.Where(
            name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal)
            && !name.EndsWith(".entities.json", StringComparison.Ordinal)).ToList();
        var wrong = names.SelectMany(name => Run(files, name, hasEscapes)).ToList();

        Assert.Equal(cases, names.Count);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // Without escapes, only a schema distinguishes an entity from a record.
    private static IEnumerable<string> Run(Dictionary<string, string> files, string name, bool hasEscapes)
    {
        using var document = JsonDocument.Parse(files[name]);
        var test = document.RootElement;
        var policies = PolicySet.Parse(Text("policies"), name);
        var entities = hasEscapes ? Entities.ParseJson(Text("entities"), name) : Schema.Parse(Text("schema"), name).ValueOrThrow()
            .ParseEntities(Text("entities"), name);
        if (!policies.Succeeded || !entities.Succeeded)
        {
            yield return string.Join('\n', [.. policies.Diagnostics, .. entities.Diagnostics]);
            yield break;
        }

        foreach (var request in test.GetProperty("requests").EnumerateArray())
        {
            var context = CedarRecord.ParseJson(request.GetProperty("context").GetRawText()).ValueOrThrow();
            var decision = Authorizer.Decide(
                policies.Value, new Request(Uid("principal"), Uid("action"), Uid("resource"), context), entities.Value);
            var expected = Identifiers(request.GetProperty("decision").GetString()!, Ids("reason"), Ids("errors"));
            var actual = Identifiers(
                decision.IsAllowed ? "allow" : "deny", decision.Reasons, decision.Errors.Select(error => error.PolicyId));
            if (expected != actual)
                yield return $"{name}: expected {expected}, and it is {actual}; {string.Join("; ", decision.Errors)}";

            EntityUid Uid(string part) => new(
                request.GetProperty(part).GetProperty("type").GetString()!, request.GetProperty(part).GetProperty("id").GetString()!);
            IEnumerable<string> Ids(string part) => request.GetProperty(part).EnumerateArray().Select(id => id.GetString()!);
        }

        string Text(string part) => files[test.GetProperty(part).GetString()!];
    }

    private static string Identifiers(string decision, IEnumerable<string> reasons, IEnumerable<string> errors)
        => $"{decision} because of [{string.Join(", ", reasons.Order(StringComparer.Ordinal))}] with errors in"
            + $" [{string.Join(", ", errors.Order(StringComparer.Ordinal))}]";
}
