using System.Text;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Tests.Evaluation;

public sealed class PatternTests
{
    private const string Alphabet = "ab";
    private const int Longest = 5;

    [Fact]
    public void Every_short_pattern_matches_the_texts_that_it_describes_and_no_others()
    {
        foreach (var pattern in Identifiers(Alphabet + "*"))
        {
            var built = new Pattern.Builder();
            foreach (var character in pattern)
            {
                if (character == '*')
                    built.Wildcard();
                else
                    built.Literal(new Rune(character));
            }

            var like = built.Build();
            foreach (var text in Identifiers(Alphabet))
                Assert.True(Describes(pattern, text) == like.Matches(text), $"{like} and \"{text}\"");
        }
    }

    private static bool Describes(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0] == '*')
            return Describes(pattern[1..], text) || (!text.IsEmpty && Describes(pattern, text[1..]));
        return !text.IsEmpty && text[0] == pattern[0] && Describes(pattern[1..], text[1..]);
    }

    private static IEnumerable<string> Identifiers(string alphabet)
    {
        IEnumerable<string> words = [""];
        for (var length = 0; length < Longest; length++)
            words = words.SelectMany(word => alphabet.Select(character => word + character)).Append("").Distinct();
        return words;
    }
}
