using System.Text.Json.Nodes;
using Warder.Cedar.Fuzz.Mutations;
using Warder.Cedar.Fuzz.Oracle;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>
/// Compares one policy as text and as JSON: both engines write the same JSON, and Warder.Cedar reads its own output and the official
/// engine's as the same policy.
/// </summary>
internal static class PolicyForms
{
    public static void Compare(string text, bool isTemplate, Questions questions)
    {
        var read = Sets.One(text, isTemplate);
        var kind = isTemplate ? "template" : "policy";
        questions.Enqueue(Call.Of($"{kind}ToJson", Call.Text(text)), answer =>
        {
            if (answer.Succeeded != read.Succeeded)
                questions.Differ(
                    "policies",
                    $"{text}\n  official: {(answer.Succeeded ? "accepted" : answer.Errors)}\n  ours:"
                        + $" {string.Join('\n', read.Diagnostics)}");
            else if (read.Succeeded)
                Compare(text, read.Value, answer.Node["json"]!, kind, questions);
        });
    }

    private static void Compare(string text, PolicySyntax syntax, JsonNode official, string kind, Questions questions)
    {
        var json = syntax.ToJson();
        if (!JsonNode.DeepEquals(official, JsonDocuments.Parse(json)))
            questions.Differ("policy as JSON", $"{text}\n  official {official.ToJsonString()}\n  ours     {json}");
        if (PolicySyntax.ParseJson(json).Value is not { } again || !again.Equals(syntax))
            questions.Differ("policy behind JSON", $"{text}\n  {json}");
        if (Sets.One(syntax.ToString(), syntax.IsTemplate).Value is not { } written || !written.Equals(syntax))
            questions.Differ("policy behind text", $"{text}\n  {syntax}");
        questions.Enqueue(Call.Of($"{kind}ToText", json), answer =>
        {
            if (!answer.Succeeded)
                questions.Differ("policy from our JSON", $"{answer.Errors}\n  {json}");
            else
                Read((string)answer.Node["text"]!, syntax.IsTemplate, kind, questions);
        });
    }

    // The official engine's output can differ from its input: it writes an annotation without a value as one with an empty value.
    private static void Read(string text, bool isTemplate, string kind, Questions questions)
    {
        var read = Sets.One(text, isTemplate);
        questions.Enqueue(Call.Of($"{kind}ToJson", Call.Text(text)), answer =>
        {
            if (!answer.Succeeded
                || read.Value is null
                || !JsonNode.DeepEquals(answer.Node["json"], JsonDocuments.Parse(read.Value.ToJson())))
                questions.Differ(
                    "policy from official text",
                    $"{text}\n  official {answer.Json}\n  ours     {read.Value?.ToJson()}{string.Join('\n', read.Diagnostics)}");
        });
    }
}
