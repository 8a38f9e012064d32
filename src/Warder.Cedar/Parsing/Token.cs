using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>What a token is.</summary>
internal enum TokenKind : byte
{
    EndOfText,

    /// <summary>It was reported by the lexer.</summary>
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

    /// <summary>Digits.</summary>
    Integer,

    /// <summary>With its quotation marks.</summary>
    String,

    /// <summary>With its question mark.</summary>
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

    /// <summary>A single <c>=</c>: schemas have it, policies do not.</summary>
    Assign,

    /// <summary>A <c>?</c> that begins no slot: schemas have it, policies do not.</summary>
    Question,
}

/// <summary>A token: what it is, and where.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length)
{
    public SourceSpan Span => new(Start, Length);

    public int End => Start + Length;

    /// <summary>Whether it is a word, reserved or not: everything that the grammar calls AnyIdent.</summary>
    public bool IsWord => Kind is >= TokenKind.Identifier and <= TokenKind.Has;

    public ReadOnlySpan<char> TextIn(string source) => source.AsSpan(Start, Length);
}
