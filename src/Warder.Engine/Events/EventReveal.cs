using System.Buffers;
using System.Text;
using System.Text.Json;
using Warder.Contracts;
using Warder.Core.Events;
using Warder.Storage.Events;

namespace Warder.Engine.Events;

/// <summary>
/// Replaces the digests in an event by their personal values. An erased value reads as null, an erased e-mail as an empty text.
/// </summary>
/// <remarks>WorkOS' models require a text there, and could not read a page with null.</remarks>
internal static class EventReveal
{
    private static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>
    /// Renders an event for an answer. The marker cannot occur inside a JSON string, where its quotes would be escaped, and no caller can
    /// name a member so. A malformed marker is copied unchanged, because one event must never break a list of events.
    /// </summary>
    public static byte[] Render(StoredEvent stored)
    {
        var rest = stored.Bytes.AsSpan();
        if (rest.IndexOf(PersonalValue.Marker) < 0)
            return stored.Bytes;
        var shown = new MemoryStream(rest.Length + 64);
        for (var at = rest.IndexOf(PersonalValue.Marker); at >= 0; at = rest.IndexOf(PersonalValue.Marker))
        {
            var erased = rest[..at].EndsWith("\"email\":"u8) ? "\"\""u8 : "null"u8;
            shown.Write(rest[..at]);
            rest = rest[at..];
            var end = PersonalValue.Marker.Length + (LogChain.HashBytes * 2);
            if (rest.Length < end || !rest[end..].StartsWith("\"}"u8) || rest[PersonalValue.Marker.Length..end].ContainsAnyExcept(LowerHex))
            {
                shown.Write(PersonalValue.Marker);
                rest = rest[PersonalValue.Marker.Length..];
                continue;
            }

            var digest = Encoding.ASCII.GetString(rest[PersonalValue.Marker.Length..end]);
            shown.Write(stored.PersonalValues.TryGetValue(digest, out var value) ? Quote(value) : erased);
            rest = rest[(end + 2)..];
        }

        shown.Write(rest);
        return shown.ToArray();
    }

    private static byte[] Quote(string value)
        => [(byte)'"', .. JsonEncodedText.Encode(value, WarderJson.Wire.Options.Encoder).EncodedUtf8Bytes, (byte)'"'];
}
