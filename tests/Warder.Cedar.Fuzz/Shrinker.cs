using Warder.Cedar.Fuzz.Checks;
using Warder.Cedar.Fuzz.Mutations;
using Warder.Cedar.Fuzz.Oracle;

namespace Warder.Cedar.Fuzz;

/// <summary>
/// Reduces a case that shows a difference, as long as the reduced case shows one of the same topic: removes parts, then pieces of their
/// text.
/// </summary>
internal sealed class Shrinker(OfficialEngine engine, string topic)
{
    private static readonly string[] Simple = ["true", "1", "\"\"", "{}", "[]"];

    private int _attempts = 6_000;

    public async Task<Case> Shrink(Case given)
    {
        given = await WithoutParts(given).ConfigureAwait(false);
        for (var i = 0; i < given.Parts.Count; i++)
        {
            var position = i;
            given = await SimplerJson(given, position).ConfigureAwait(false);
            var pieces = Tokens.Of(given.Parts[i].Text);
            pieces = await WithoutPieces(pieces, shorter => With(given, position, shorter)).ConfigureAwait(false);
            given = With(given, position, pieces);
        }

        return given;
    }

    private static Case With(Case given, int position, IEnumerable<string> pieces)
        => given with { Parts = [.. given.Parts.Select((part, i) => i == position ? part with { Text = string.Concat(pieces) } : part)] };

    private async Task<Case> WithoutParts(Case given)
    {
        for (var i = given.Parts.Count - 1; i >= 0; i--)
        {
            var position = i;
            var shorter = given with { Parts = [.. given.Parts.Where((_, at) => at != position)] };
            if (await Shows(shorter).ConfigureAwait(false))
                given = shorter;
        }

        return given;
    }

    // Removes the members of a JSON document one by one, or replaces a value by one of its members.
    private async Task<Case> SimplerJson(Case given, int position)
    {
        for (var place = 0; JsonMutation.Simpler(given.Parts[position].Text, place) is { } simpler;)
        {
            var found = false;
            foreach (var text in simpler)
            {
                var shorter = With(given, position, [text]);
                if (text.Length >= given.Parts[position].Text.Length || !await Shows(shorter).ConfigureAwait(false))
                    continue;
                (given, found) = (shorter, true);
                break;
            }

            if (!found)
                place++;
        }

        return given;
    }

    // Removes runs of pieces, long ones first; then replaces the content of brackets by a simple piece.
    private async Task<List<string>> WithoutPieces(List<string> pieces, Func<IEnumerable<string>, Case> make)
    {
        for (var size = Math.Max(1, pieces.Count / 2); ; size /= 2)
        {
            for (var at = 0; at + size <= pieces.Count;)
            {
                List<string> shorter = [.. pieces[..at], .. pieces[(at + size)..]];
                if (await Shows(make(shorter)).ConfigureAwait(false))
                    pieces = shorter;
                else
                    at += Math.Max(1, size / 2);
            }

            if (size == 1)
                break;
        }

        for (var at = 0; at < pieces.Count; at++)
        {
            if (End(pieces, at) is not { } end)
                continue;
            foreach (var simple in Simple.Append(string.Concat(pieces[(at + 1)..end])))
            {
                List<string> shorter = [.. pieces[..at], simple, .. pieces[(end + 1)..]];
                if (shorter.Count >= pieces.Count || !await Shows(make(shorter)).ConfigureAwait(false))
                    continue;
                pieces = Tokens.Of(string.Concat(shorter));
                break;
            }
        }

        return pieces;
    }

    private static int? End(List<string> pieces, int at)
    {
        if (pieces[at] is not ("(" or "[" or "{"))
            return null;
        var depth = 0;
        for (var i = at; i < pieces.Count; i++)
        {
            depth += pieces[i] switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 };
            if (depth == 0)
                return i;
        }

        return null;
    }

    // An invalid question shows nothing: a request that is not JSON, or a JSON policy or schema that is a text there.
    private async Task<bool> Shows(Case given)
    {
        if (_attempts-- <= 0)
            return false;
        if (given.Parts.Any(
            part => part.Kind is PartKind.Request or PartKind.Link or PartKind.PolicyJson or PartKind.TemplateJson or PartKind.SchemaJson
                && !JsonDocuments.IsObject(part.Text)))
            return false;
        var differences = await Questions.About(given, engine, new Features()).ConfigureAwait(false);
        return differences.Any(difference => difference.Topic == topic);
    }
}
