using System.Buffers;
using System.Globalization;
using System.Text;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Json;

/// <summary>
/// Parses JSON (RFC 8259). Invalid text never throws; errors are reported with their position. The parser is strict. Beyond the RFC it
/// rejects duplicate names in an object and unpaired surrogates in a string. Integers keep 64 bits of precision.
/// </summary>
internal sealed class JsonText
{
    private static readonly SearchValues<char> EndOfPlain = SearchValues.Create(
        ['"', '\\', .. Enumerable.Range(0, 0x20).Select(it => (char)it), .. Enumerable.Range(0xd800, 0x800).Select(it => (char)it)]);

    private readonly SourceText _source;
    private readonly string _text;
    private readonly Limits _limits;
    private readonly DiagnosticBag _diagnostics;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _namesBySpan;
    private int _at;
    private int _nesting;

    private JsonText(SourceText source, Limits limits, DiagnosticBag diagnostics)
    {
        (_source, _text, _limits, _diagnostics) = (source, source.Text, limits, diagnostics);
        _namesBySpan = _names.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Parses a document. Returns null when an error was reported.</summary>
    public static JsonNode? Parse(SourceText source, Limits limits, DiagnosticBag diagnostics)
    {
        if (source.Text.Length > limits.TextLength)
        {
            diagnostics.Error(
                default, SyntaxCodes.LimitExceeded, $"the text has {source.Text.Length} characters, and {limits.TextLength} are permitted");
            return null;
        }

        var json = new JsonText(source, limits, diagnostics);
        var node = json.Value();
        if (node is null)
            return null;
        json.SkipBlanks();
        if (json._at < json._text.Length)
            return json.Invalid("text follows after the end of the document");
        return diagnostics.Document = node;
    }

    private JsonNode? Value()
    {
        SkipBlanks();
        if (_at == _text.Length)
            return Invalid("a value is expected, not the end of the text");
        switch (_text[_at])
        {
            case '{' or '[' when _nesting == Limits.Depth:
                _diagnostics.Error(
                    new SourceSpan(_at, 1), SyntaxCodes.LimitExceeded, $"JSON may be nested at most {Limits.Depth} deep");
                return null;
            case '{':
                return Object();
            case '[':
                return Array();
            case '"':
                var start = _at;
                return String() is { } text ? new JsonNode(JsonKind.String, From(start)) { Text = text } : null;
            case '-' or (>= '0' and <= '9'):
                return Number();
            default:
                return Word("true", JsonKind.True) ?? Word("false", JsonKind.False) ?? Word("null", JsonKind.Null)
                    ?? Invalid("a value is expected");
        }
    }

    private JsonNode? Object()
    {
        var start = _at++;
        _nesting++;
        var fields = new List<JsonField>();
        HashSet<string>? names = null;
        SkipBlanks();
        if (!Take('}'))
        {
            do
            {
                SkipBlanks();
                var nameStart = _at;
                if (_at == _text.Length || _text[_at] != '"')
                    return Invalid("a name in quotation marks is expected");
                if (String(isName: true) is not { } name)
                    return null;
                var span = From(nameStart);
                if (fields.Count < 8
                    ? fields.Exists(field => field.Name == name)
                    : !(names ??= [.. fields.Select(field => field.Name)]).Add(name))
                    return Error(span, SyntaxCodes.Duplicate, $"the name `{name}` occurs twice");
                SkipBlanks();
                if (!Take(':'))
                    return Invalid("`:` is expected");
                if (Value() is not { } value || IsOneTooMany(fields.Count, value))
                    return null;
                fields.Add(new JsonField(name, span, value));
                SkipBlanks();
            }
            while (Take(','));

            if (!Take('}'))
                return Invalid("`,` or `}` is expected");
        }

        _nesting--;
        return new JsonNode(JsonKind.Object, From(start)) { Fields = [.. fields] };
    }

    private JsonNode? Array()
    {
        var start = _at++;
        _nesting++;
        var items = new List<JsonNode>();
        SkipBlanks();
        if (!Take(']'))
        {
            do
            {
                // The outermost array, for example an array of entities, has its own bound.
                if (Value() is not { } item || (_nesting > 1 && IsOneTooMany(items.Count, item)))
                    return null;
                items.Add(item);
                SkipBlanks();
            }
            while (Take(','));

            if (!Take(']'))
                return Invalid("`,` or `]` is expected");
        }

        _nesting--;
        return new JsonNode(JsonKind.Array, From(start)) { Items = [.. items] };
    }

    private bool IsOneTooMany(int count, JsonNode node)
    {
        if (count < _limits.Elements)
            return false;
        Error(node.Span, SyntaxCodes.LimitExceeded, $"there may be at most {_limits.Elements} elements");
        return true;
    }

    private JsonNode? Number()
    {
        var start = _at;
        Take('-');
        var first = _at;
        var digits = Digits();
        var isInteger = true;
        if (digits == 0 || (digits > 1 && _text[first] == '0'))
            return Invalid("the number has no digits, or a leading 0");
        if (Take('.'))
        {
            isInteger = false;
            if (Digits() == 0)
                return Invalid("a digit is expected after the point");
        }

        if (Take('e') || Take('E'))
        {
            isInteger = false;
            if (!Take('+'))
                Take('-');
            if (Digits() == 0)
                return Invalid("a digit of the exponent is expected");
        }

        // In JSON `-0` is valid, but it is not an integer here.
        var text = _text.AsSpan(start, _at - start);
        return isInteger && text is not "-0"
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new JsonNode(JsonKind.Integer, From(start)) { Integer = number }
            : new JsonNode(JsonKind.Number, From(start));
    }

    private int Digits()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        return _at - start;
    }

    // Reads a string including its quotation marks. Returns null when an error was reported. Equal names share one string, because
    // documents have few distinct names.
    private string? String(bool isName = false)
    {
        var start = ++_at;
        var length = _text.AsSpan(start).IndexOfAny(EndOfPlain);
        if (length >= 0 && _text[start + length] == '"')
        {
            _at = start + length + 1;
            return isName ? Shared(_text.AsSpan(start, length)) : _text.Substring(start, length);
        }

        var content = new StringBuilder();
        while (_at < _text.Length)
        {
            var character = _text[_at];
            if (character == '"')
            {
                _at++;
                return content.ToString();
            }

            if (character == '\\')
            {
                if (!Escape(content))
                    return null;
            }
            else if (character < ' ' || Rune.DecodeFromUtf16(_text.AsSpan(_at), out var rune, out var consumed) != OperationStatus.Done)
            {
                Error(new SourceSpan(_at, 1), SyntaxCodes.InvalidJson, "the character must be escaped, or the surrogate is unpaired");
                return null;
            }
            else
            {
                content.Append(_text, _at, consumed);
                _at += consumed;
            }
        }

        Error(new SourceSpan(start - 1, 1), SyntaxCodes.UnterminatedString, "this string does not end");
        return null;
    }

    private string Shared(ReadOnlySpan<char> name)
    {
        if (!_namesBySpan.TryGetValue(name, out var shared))
            _names.Add(shared = name.ToString(), shared);
        return shared;
    }

    private bool Escape(StringBuilder content)
    {
        var start = _at++;
        var simple = _at == _text.Length ? -1 : "\"\\/bfnrt".IndexOf(_text[_at], StringComparison.Ordinal);
        if (simple >= 0)
        {
            content.Append("\"\\/\b\f\n\r\t"[simple]);
            _at++;
            return true;
        }

        if (Unit() is { } unit)
        {
            if (!char.IsSurrogate(unit))
            {
                content.Append(unit);
                return true;
            }

            if (char.IsHighSurrogate(unit) && Take('\\') && Unit() is { } low && char.IsLowSurrogate(low))
            {
                content.Append(unit).Append(low);
                return true;
            }
        }

        var end = Math.Min(_at, _text.Length);
        Error(
            new SourceSpan(start, Math.Max(1, end - start)), SyntaxCodes.InvalidEscape,
            "the escape is not valid in JSON, or the surrogate is unpaired");
        return false;
    }

    // Reads `u` and four hexadecimal digits.
    private char? Unit()
    {
        if (_at + 5 > _text.Length || _text[_at] != 'u' || !Numbers.TryParseHexadecimal(_text.AsSpan(_at + 1, 4), out var unit))
            return null;
        _at += 5;
        return (char)unit;
    }

    private JsonNode? Word(string word, JsonKind kind)
    {
        if (!_text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
            return null;
        _at += word.Length;
        return new JsonNode(kind, new SourceSpan(_at - word.Length, word.Length));
    }

    private bool Take(char character)
    {
        if (_at == _text.Length || _text[_at] != character)
            return false;
        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    private SourceSpan From(int start) => new(start, _at - start);

    private JsonNode? Invalid(string problem)
        => Error(new SourceSpan(Math.Min(_at, _source.Text.Length), _at < _text.Length ? 1 : 0), SyntaxCodes.InvalidJson, problem);

    private JsonNode? Error(SourceSpan span, string code, string problem)
    {
        _diagnostics.Error(span, code, problem);
        return null;
    }
}
