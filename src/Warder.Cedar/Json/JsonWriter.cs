using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Warder.Cedar.Json;

/// <summary>Writes JSON. The writer inserts commas; the caller must close each object and array.</summary>
internal sealed class JsonWriter
{
    private readonly StringBuilder _text = new();
    private bool _needsComma;

    public JsonWriter Begin(char bracket)
    {
        Separate();
        _text.Append(bracket);
        _needsComma = false;
        return this;
    }

    public JsonWriter End(char bracket)
    {
        _text.Append(bracket);
        _needsComma = true;
        return this;
    }

    public JsonWriter Name(string name)
    {
        Text(name);
        _text.Append(':');
        _needsComma = false;
        return this;
    }

    public JsonWriter Text(string text)
    {
        Separate();
        _text.Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)).Append('"');
        return this;
    }

    public JsonWriter Integer(long number)
    {
        Separate();
        _text.Append(number.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Writes <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    public JsonWriter Word(bool? word)
    {
        Separate();
        _text.Append(word switch { true => "true", false => "false", _ => "null" });
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Separate()
    {
        if (_needsComma)
            _text.Append(',');
        _needsComma = true;
    }
}
