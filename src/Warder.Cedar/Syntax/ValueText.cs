using System.Globalization;
using System.Text;
using Warder.Cedar.Parsing;
using Warder.Cedar.Values;

namespace Warder.Cedar.Syntax;

/// <summary>Formats values in policy syntax. The nesting depth of a value is at most <see cref="Limits.Depth"/>.</summary>
internal static class ValueText
{
    public static string Of(Value value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Value value)
    {
        if (value.TryGet(out bool boolean))
            text.Append(boolean ? "true" : "false");
        else if (value.TryGet(out long number))
            text.Append(number.ToString(CultureInfo.InvariantCulture));
        else if (value.TryGet(out string? content))
            text.Append(StringLiteral.Quote(content));
        else if (value.TryGet(out EntityUid? uid))
            text.Append(uid);
        else if (value.TryGet(out CedarSet? set))
            AppendList(text, '[', set, ']', Append);
        else if (value.TryGet(out CedarRecord? record))
            AppendList(text, '{', record, '}', AppendField);
        else
            text.Append(Extension(value));
    }

    private static void AppendField(StringBuilder text, KeyValuePair<string, Value> field)
    {
        text.Append(Identifiers.IsName(field.Key) ? field.Key : StringLiteral.Quote(field.Key)).Append(": ");
        Append(text, field.Value);
    }

    private static void AppendList<T>(StringBuilder text, char open, IEnumerable<T> items, char close, Action<StringBuilder, T> append)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
                text.Append(", ");
            isFirst = false;
            append(text, item);
        }

        text.Append(close);
    }

    private static string Extension(Value value) => value.Kind switch
    {
        ValueKind.Ip when value.TryGet(out CedarIp? ip) => $"ip(\"{ip}\")",
        ValueKind.Decimal when value.TryGet(out CedarDecimal number) => $"decimal(\"{number}\")",
        ValueKind.Duration when value.TryGet(out CedarDuration duration) => $"duration(\"{duration}\")",
        ValueKind.DateTime when value.TryGet(out CedarDateTime moment)
            => $"datetime(\"1970-01-01\").offset(duration(\"{moment.UnixMilliseconds}ms\"))",
        _ => "",
    };
}
