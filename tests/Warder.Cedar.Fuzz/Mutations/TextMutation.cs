namespace Warder.Cedar.Fuzz.Mutations;

/// <summary>Breaks text, or nearly: removes, doubles, swaps or replaces pieces; replaces characters.</summary>
internal static class TextMutation
{
    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", "<", ">", ",", ";", ":", "::", ".", "?", "@", "=", "==", "!=", "!", "-", "+", "*", "/", "%", "&&",
        "||", "&", "|", "//x\n", "/*", "\"", "'", "\\", "#", "_", "0", "1", "-1", "1.5",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "00", "0x1", "1e3", "true", "false", "null", "permit",
        "forbid", "when", "unless", "if", "then", "else", "in", "is", "like", "has", "principal", "action",
        "resource", "context", "?principal", "?resource", "?other", "__cedar", "__cedar::Long", "entity", "type", "namespace", "appliesTo",
        "enum", "tags", "Set", "Set<Long>", "Long", "Bool", "Boolean", "User", "Action", "\"a\"", "\"\"", "\"\\*\"",
        "\"\\u{110000}\"", "\"\\u{d800}\"", "\"\\xff\"", "\"\\q\"", "a", "b", "T0", "contains", "isEmpty", "ip", "ip(\"::1\")", "decimal",
        ".isIpv4()", ".contains(1)", ".lessThan", "\u00a0", "\ufeff", "é", "User::\"a\"", "{}", "[]", "\"type\"", "\"id\"", "\"__entity\"",
        "\"__extn\"", "\"__expr\"", "\"\\ud800\"", "\"\\u0041\"",
    ];

    /// <summary>Returns the text with one to three changes.</summary>
    public static string Of(Chance chance, string text)
    {
        if (chance.Of(0.15))
            return chance.Note("mutation:character", Character(chance, text));
        var pieces = Tokens.Of(text);
        for (var i = chance.Pick(1, 1, 1, 2, 3); i > 0 && pieces.Count > 0; i--)
            Change(chance, pieces);
        return string.Concat(pieces);
    }

    /// <summary>Returns the same text with other blanks and comments, where they are allowed.</summary>
    public static string Respaced(Chance chance, string text)
    {
        var pieces = Tokens.Of(text);
        return string.Concat(
            pieces.Select(
                piece => !string.IsNullOrWhiteSpace(piece)
                    ? piece
                    : chance.Pick(" ", " ", "\n", "\t", "\r\n", "  ", " // note \"\n", "\n//\n", "\f", "\v", "\u00a0", "\u2003")));
    }

    private static string Character(Chance chance, string text)
    {
        if (text.Length == 0)
            return "\0";
        var at = chance.Below(text.Length);
        if (char.IsSurrogate(text[at]))
            return text;
        var character = chance.Of(0.3) ? ((char)chance.Between(0, 127)).ToString() : chance.Pick(
            "\0", "\u007f", "\u0085", "\u00a0", "é", "\u200b", "\u2028", "\ufeff", "😀", "\"", "\\", "\n", "{", "}", "(", "0", "A");
        return chance.Below(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, character),
            _ => text.Remove(at, 1).Insert(at, character),
        };
    }

    private static void Change(Chance chance, List<string> pieces)
    {
        var (at, other) = (chance.Below(pieces.Count), chance.Below(pieces.Count));
        switch (chance.Below(7))
        {
            case 0:
                chance.Note("mutation:delete");
                pieces.RemoveAt(at);
                break;
            case 1:
                chance.Note("mutation:duplicate");
                pieces.Insert(at, pieces[at]);
                break;
            case 2:
                chance.Note("mutation:swap");
                (pieces[at], pieces[other]) = (pieces[other], pieces[at]);
                break;
            case 3:
                chance.Note("mutation:insert");
                pieces.Insert(at, chance.PickFrom(Pieces));
                break;
            case 4:
                chance.Note("mutation:replace");
                pieces[at] = chance.PickFrom(Pieces);
                break;
            case 5:
                pieces[at] = pieces[other];
                break;
            default:
                chance.Note("mutation:cut");
                pieces.RemoveRange(at, Math.Min(chance.Between(1, 6), pieces.Count - at));
                break;
        }
    }
}
