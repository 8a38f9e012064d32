using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Warder.Contracts.Json;

/// <summary>
/// Converts times as RFC 3339 in UTC with exactly three fractional digits: <c>2026-01-15T12:00:00.000Z</c>. Reads any offset and up to
/// seven fractional digits. A time without an offset is refused, because it names no instant.
/// </summary>
public sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int FormattedLength = 24;
    private const int RoundTripLength = 28;

    /// <summary>Formats a time as in JSON and in query strings.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("A time is a string.");
        var hasOffset = text.Length >= 20 && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-');
        return hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new JsonException("A time is written 2026-01-15T12:00:00.000Z (RFC 3339).");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        // The round-trip format is the one with a fast path. It writes seven fractional digits and then Z: three are kept.
        Span<byte> text = stackalloc byte[RoundTripLength];
        Utf8Formatter.TryFormat(value.UtcDateTime, text, out _, new StandardFormat('O'));
        text[FormattedLength - 1] = (byte)'Z';
        writer.WriteStringValue(text[..FormattedLength]);
    }
}
