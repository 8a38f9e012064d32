using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Warder.Core.Time;

namespace Warder.Server.Telemetry;

/// <summary>
/// Formats a log line: one line of text or one JSON object, with the time in RFC 3339 and UTC. Control characters are escaped, so that no
/// value can forge a line or steer a terminal.
/// </summary>
internal sealed class LogFormat(bool isJson, Clock clock)
{
    /// <summary>The name of the text format.</summary>
    public const string Text = "text";

    /// <summary>The name of the JSON format.</summary>
    public const string Json = "json";

    private const int MostCharacters = 16 * 1024;
    private const string Cut = "…";

    /// <summary>Creates the format of a name.</summary>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static LogFormat Of(string name, Clock clock) => name switch
    {
        Text => new LogFormat(isJson: false, clock),
        Json => new LogFormat(isJson: true, clock),
        _ => throw new ArgumentException($"--log-format: must be {Text} or {Json}."),
    };

    /// <summary>Formats a line, without its end.</summary>
    /// <param name="level">The level.</param>
    /// <param name="category">The name of the component.</param>
    /// <param name="message">The message.</param>
    /// <param name="state">The values in the message, where the caller gives them by name.</param>
    /// <param name="exception">The exception; null: there is none.</param>
    public string Line(LogLevel level, string category, string message, object? state, Exception? exception)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(clock.Now().UnixMilliseconds)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var fields = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        return isJson
            ? JsonLine(time, NameOf(level), category, Bound(message), fields, exception)
            : Plain($"{time} {NameOf(level),-8} {category}: {message}{(exception is null ? "" : " " + exception)}");
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };

    private static string JsonLine(
        string time, string level, string category, string message, IReadOnlyList<KeyValuePair<string, object?>> fields,
        Exception? exception)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", time);
            json.WriteString("level", level);
            json.WriteString("category", category);
            json.WriteString("message", message);
            if (exception is not null)
                json.WriteString("exception", Bound(exception.ToString()));
            if (fields.Any(IsField))
            {
                json.WriteStartObject("fields");
                foreach (var (name, value) in fields.Where(IsField))
                    Write(json, JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    // The message already contains the template.
    private static bool IsField(KeyValuePair<string, object?> field) => field.Key != "{OriginalFormat}";

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        if (value is null)
            json.WriteNullValue();
        else if (value is bool flag)
            json.WriteBooleanValue(flag);
        else if (value is int or long)
            json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
        else if (value is double number && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(Bound(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
    }

    private static string Bound(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters] + Cut;

    private static string Plain(string text)
    {
        var line = new StringBuilder(text.Length + 16);
        foreach (var rune in Bound(text).EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t')
                line.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                line.Append(rune.ToString());
        }

        return line.ToString();
    }
}
