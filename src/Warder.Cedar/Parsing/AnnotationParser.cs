using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>Parses <c>@name("value")</c> before policies and before schema declarations.</summary>
internal static class AnnotationParser
{
    /// <summary>Parses all annotations at the current token. Returns null when an error was reported.</summary>
    public static SyntaxList<Annotation>? Annotations(TokenReader tokens)
    {
        if (tokens.Current.Kind != TokenKind.At)
            return new SyntaxList<Annotation>();
        var annotations = new List<Annotation>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (tokens.TryTake(TokenKind.At))
        {
            var word = tokens.Current;
            if (!word.IsWord)
            {
                tokens.Unexpected("an annotation's name");
                return null;
            }

            var name = tokens.Shared(tokens.CurrentText);
            tokens.Take();
            if (!names.Add(name))
            {
                tokens.Diagnostics.Error(word.Span, SyntaxCodes.Duplicate, $"the annotation `@{name}` occurs twice");
                return null;
            }

            string? value = null;
            if (tokens.TryTake(TokenKind.OpenParenthesis)
                && ((value = StringOrReport(tokens)) is null || !tokens.Expect(TokenKind.CloseParenthesis, "`)`")))
                return null;
            annotations.Add(new Annotation(name, value));
        }

        return [.. annotations];
    }

    private static string? StringOrReport(TokenReader tokens)
    {
        if (tokens.Current.Kind == TokenKind.String)
            return tokens.ReadString();
        tokens.Unexpected("a string");
        return null;
    }
}
