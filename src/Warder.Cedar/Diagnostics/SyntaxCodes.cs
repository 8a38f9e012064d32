namespace Warder.Cedar.Diagnostics;

/// <summary>What can be wrong with a text, or with the JSON form of one.</summary>
public static class SyntaxCodes
{
    /// <summary>A character that begins no token.</summary>
    public const string InvalidCharacter = "invalid_character";

    /// <summary>A string that does not end.</summary>
    public const string UnterminatedString = "unterminated_string";

    /// <summary>An escape that strings, or patterns, do not have; a bare carriage return; half a surrogate pair.</summary>
    public const string InvalidEscape = "invalid_escape";

    /// <summary>An integer outside the 64 bits that a long has.</summary>
    public const string IntegerTooLarge = "integer_too_large";

    /// <summary>Something else was expected here.</summary>
    public const string UnexpectedToken = "unexpected_token";

    /// <summary>The text ends too early.</summary>
    public const string UnexpectedEnd = "unexpected_end";

    /// <summary>A reserved word where a name belongs.</summary>
    public const string ReservedWord = "reserved_word";

    /// <summary>A name that is nothing here: no variable, function, method, effect or clause.</summary>
    public const string UnknownName = "unknown_name";

    /// <summary>A function called as a method, or a method as a function.</summary>
    public const string WrongCallStyle = "wrong_call_style";

    /// <summary>A method called with too few or too many arguments.</summary>
    public const string WrongArgumentCount = "wrong_argument_count";

    /// <summary>An operator that Cedar does not have.</summary>
    public const string UnsupportedOperator = "unsupported_operator";

    /// <summary>Relational operators in a row, which need parentheses; or too many signs.</summary>
    public const string AmbiguousOperators = "ambiguous_operators";

    /// <summary>The same annotation, attribute or id twice.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>A scope that is not <c>(principal …, action …, resource …)</c>.</summary>
    public const string InvalidScope = "invalid_scope";

    /// <summary>A slot where none may be, or the wrong one.</summary>
    public const string InvalidSlot = "invalid_slot";

    /// <summary>JSON that does not have the shape that is documented for it.</summary>
    public const string InvalidShape = "invalid_shape";

    /// <summary>Text that is no JSON.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>More of something than the limits allow.</summary>
    public const string LimitExceeded = "limit_exceeded";
}
