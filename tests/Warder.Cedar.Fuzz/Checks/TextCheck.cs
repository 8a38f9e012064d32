using System.Text.Json.Nodes;
using Warder.Cedar.Fuzz.Mutations;
using Warder.Cedar.Fuzz.Oracle;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>
/// Compares whether a text of policies and templates is accepted; where it is, that both engines have read the same from it.
/// </summary>
internal sealed class TextCheck : Check
{
    public override void Enqueue(Case given, Questions questions)
    {
        var text = given.The(PartKind.Policies)!.Text;
        var set = PolicySet.Parse(text);
        questions.Enqueue(new Call("policySetTextToParts", [text], null), answer =>
        {
            if (!questions.Agree("policies", answer, set))
                return;
            Compare(answer.Node["policies"]!, set.Value!.Policies.Select(it => (it.Id, it.Syntax)), "policyToJson", questions);
            Compare(answer.Node["policy_templates"]!, set.Value.Templates.Select(it => (it.Id, it.Syntax)), "templateToJson", questions);
        });
    }

    // The official engine returns the texts in the order of their ids.
    private static void Compare(JsonNode official, IEnumerable<(string Id, PolicySyntax Syntax)> ours, string function, Questions questions)
    {
        var policies = ours.OrderBy(policy => policy.Id, StringComparer.Ordinal).ToList();
        if (policies.Count != official.AsArray().Count)
        {
            questions.Differ("number of policies", $"{official.ToJsonString()}\n{string.Join('\n', policies)}");
            return;
        }

        foreach (var (part, policy) in official.AsArray().Zip(policies))
        {
            questions.Enqueue(Call.Of(function, part!.ToJsonString()), answer =>
            {
                var json = policy.Syntax.ToJson();
                if (!answer.Succeeded || !JsonNode.DeepEquals(answer.Node["json"], JsonDocuments.Parse(json)))
                    questions.Differ("policy as JSON", $"{part}\n  official {answer.Json}\n  ours     {json}");
            });
        }
    }
}
