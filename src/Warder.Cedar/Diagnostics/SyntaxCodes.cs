namespace Warder.Cedar.Diagnostics;

/// <summary>Codes of texts and JSON documents that are not well-formed.</summary>
public static class SyntaxCodes
{
    /// <summary>A character that starts no token.</summary>
    public const string InvalidCharacter = "invalid_character";

    /// <summary>A string without an end.</summary>
    public const string UnterminatedString = "unterminated_string";

    /// <summary>An invalid escape in a string or pattern, an unescaped carriage return, or an unpaired surrogate.</summary>
    public const string InvalidEscape = "invalid_escape";

    /// <summary>An integer beyond the range of a signed 64-bit integer.</summary>
    public const string IntegerTooLarge = "integer_too_large";

    /// <summary>An unexpected token.</summary>
    public const string UnexpectedToken = "unexpected_token";

    /// <summary>An unexpected end of the text.</summary>
    public const string UnexpectedEnd = "unexpected_end";

    /// <summary>A reserved identifier in place of a name.</summary>
    public const string ReservedWord = "reserved_word";

    /// <summary>An unknown name of a variable, function, method, effect or clause.</summary>
    public const string UnknownName = "unknown_name";

    /// <summary>A function called as a method, or a method called as a function.</summary>
    public const string WrongCallStyle = "wrong_call_style";

    /// <summary>A method call with a wrong number of arguments.</summary>
    public const string WrongArgumentCount = "wrong_argument_count";

    /// <summary>An operator that Cedar does not have.</summary>
    public const string UnsupportedOperator = "unsupported_operator";

    /// <summary>Chained relational operators, which need parentheses; or too many signs.</summary>
    public const string AmbiguousOperators = "ambiguous_operators";

    /// <summary>A duplicate annotation, attribute or id.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>A scope that is not <c>(principal …, action …, resource …)</c>.</summary>
    public const string InvalidScope = "invalid_scope";

    /// <summary>A slot at an invalid place, or the wrong slot.</summary>
    public const string InvalidSlot = "invalid_slot";

    /// <summary>JSON that does not have the documented form.</summary>
    public const string InvalidShape = "invalid_shape";

    /// <summary>Text that is not JSON.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>An exceeded limit.</summary>
    public const string LimitExceeded = "limit_exceeded";
}
