using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>The kinds of tokens.</summary>
internal enum TokenKind : byte
{
    EndOfText,

    /// <summary>An invalid token, which the lexer has reported.</summary>
    Invalid,
    Identifier,
    True,
    False,
    If,
    Then,
    Else,
    In,
    Is,
    Like,
    Has,

    /// <summary>Decimal digits.</summary>
    Integer,

    /// <summary>A string, including its quotation marks.</summary>
    String,

    /// <summary>A slot, including its question mark.</summary>
    Slot,
    At,
    Dot,
    Comma,
    Semicolon,
    Colon,
    DoubleColon,
    OpenParenthesis,
    CloseParenthesis,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Or,
    And,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Not,

    /// <summary>A single <c>=</c>: valid in schemas, invalid in policies.</summary>
    Assign,

    /// <summary>A <c>?</c> that starts no slot: valid in schemas, invalid in policies.</summary>
    Question,
}

/// <summary>A token: its kind and its position.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length)
{
    public SourceSpan Span => new(Start, Length);

    public int End => Start + Length;

    /// <summary>Whether the token is an identifier, reserved or not: AnyIdent in the grammar.</summary>
    public bool IsWord => Kind is >= TokenKind.Identifier and <= TokenKind.Has;

    public ReadOnlySpan<char> TextIn(string source) => source.AsSpan(Start, Length);
}
