using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>
/// Splits a text into tokens, one at a time. White space is as defined by Unicode. A comment runs from <c>//</c> to a line feed or carriage
/// return. Policies and schemas have the same tokens. (Cedar documentation: "Grammar".)
/// </summary>
internal struct Lexer(SourceText source, DiagnosticBag diagnostics)
{
    private readonly string _text = source.Text;
    private int _next;

    /// <summary>Reads the next token. At the end of the text each call returns the end token.</summary>
    public Token Next()
    {
        SkipBlanks();
        var start = _next;
        if (start >= _text.Length)
            return new Token(TokenKind.EndOfText, _text.Length, 0);
        var character = _text[start];
        if (Identifiers.IsStart(character))
        {
            _next = EndOfWord(start + 1);
            return new Token(KindOf(_text.AsSpan(start, _next - start)), start, _next - start);
        }

        if (character == '"')
            return String(start);
        if (char.IsAsciiDigit(character))
        {
            while (++_next < _text.Length && char.IsAsciiDigit(_text[_next]))
            {
            }

            return new Token(TokenKind.Integer, start, _next - start);
        }

        return Mark(start, character);
    }

    private void SkipBlanks()
    {
        for (; _next < _text.Length; _next++)
        {
            var character = _text[_next];
            if (character == '/' && _next + 1 < _text.Length && _text[_next + 1] == '/')
            {
                var length = _text.AsSpan(_next).IndexOfAny('\n', '\r');
                _next = length < 0 ? _text.Length - 1 : _next + length;
            }
            else if (character > ' ' ? character < '\u0080' || !char.IsWhiteSpace(character) : !char.IsWhiteSpace(character))
            {
                return;
            }
        }
    }

    private readonly int EndOfWord(int from)
    {
        while (from < _text.Length && Identifiers.IsPart(_text[from]))
            from++;
        return from;
    }

    // A string may span several lines. A backslash before a line feed is an error.
    private Token String(int start)
    {
        _next = start + 1;
        while (_next < _text.Length)
        {
            var length = _text.AsSpan(_next).IndexOfAny('"', '\\');
            if (length < 0)
                break;
            _next += length + 1;
            if (_text[_next - 1] == '"')
                return new Token(TokenKind.String, start, _next - start);
            if (_next < _text.Length && _text[_next] == '\n')
                return Invalid(start, _next - start, SyntaxCodes.InvalidEscape, "a line feed in a string cannot be escaped");
            _next++;
        }

        _next = _text.Length;
        return Invalid(start, 1, SyntaxCodes.UnterminatedString, "this string does not end");
    }

    private Token Mark(int start, char character)
    {
        var following = start + 1 < _text.Length ? _text[start + 1] : '\0';
        var kind = (character, following) switch
        {
            (':', ':') => TokenKind.DoubleColon,
            ('=', '=') => TokenKind.Equal,
            ('!', '=') => TokenKind.NotEqual,
            ('<', '=') => TokenKind.LessOrEqual,
            ('>', '=') => TokenKind.GreaterOrEqual,
            ('|', '|') => TokenKind.Or,
            ('&', '&') => TokenKind.And,
            ('?', _) when Identifiers.IsStart(following) => TokenKind.Slot,
            _ => Single(character),
        };
        if (kind == TokenKind.Invalid)
        {
            var length = char.IsHighSurrogate(character) && char.IsLowSurrogate(following) ? 2 : 1;
            _next = start + length;
            return Invalid(start, length, SyntaxCodes.InvalidCharacter, $"`{_text.AsSpan(start, length)}` is not a valid character");
        }

        var isDouble = kind is TokenKind.DoubleColon or TokenKind.Equal or TokenKind.NotEqual or TokenKind.LessOrEqual
            or TokenKind.GreaterOrEqual or TokenKind.Or or TokenKind.And;
        _next = kind == TokenKind.Slot ? EndOfWord(start + 2) : start + (isDouble ? 2 : 1);
        return new Token(kind, start, _next - start);
    }

    private static TokenKind KindOf(ReadOnlySpan<char> word) => word switch
    {
        "in" => TokenKind.In,
        "is" => TokenKind.Is,
        "if" => TokenKind.If,
        "has" => TokenKind.Has,
        "like" => TokenKind.Like,
        "true" => TokenKind.True,
        "then" => TokenKind.Then,
        "else" => TokenKind.Else,
        "false" => TokenKind.False,
        _ => TokenKind.Identifier,
    };

    private static TokenKind Single(char character) => character switch
    {
        '@' => TokenKind.At,
        '.' => TokenKind.Dot,
        ',' => TokenKind.Comma,
        ';' => TokenKind.Semicolon,
        ':' => TokenKind.Colon,
        '(' => TokenKind.OpenParenthesis,
        ')' => TokenKind.CloseParenthesis,
        '{' => TokenKind.OpenBrace,
        '}' => TokenKind.CloseBrace,
        '[' => TokenKind.OpenBracket,
        ']' => TokenKind.CloseBracket,
        '<' => TokenKind.Less,
        '>' => TokenKind.Greater,
        '+' => TokenKind.Plus,
        '-' => TokenKind.Minus,
        '*' => TokenKind.Star,
        '/' => TokenKind.Slash,
        '%' => TokenKind.Percent,
        '!' => TokenKind.Not,
        '=' => TokenKind.Assign,
        '?' => TokenKind.Question,
        _ => TokenKind.Invalid,
    };

    private readonly Token Invalid(int start, int length, string code, string message)
    {
        diagnostics.Error(new SourceSpan(start, length), code, message);
        return new Token(TokenKind.Invalid, start, length);
    }
}
