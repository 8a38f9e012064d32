using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Warder.Engine.Events;

/// <summary>
/// Adds the previous values to an object's JSON. One serializer writes both texts, so members are compared and copied as bytes, which is
/// fast: the log's writer does this for each change.
/// </summary>
internal static class PreviousAttributes
{
    private readonly record struct Member(Range Name, Range Whole, Range Value);

    /// <summary>
    /// Returns the object's JSON with <c>previous_attributes</c>: the previous values of the members that have changed, without the time of
    /// the change. A member in <paramref name="always"/> is there also when it has not changed.
    /// </summary>
    public static byte[] Add(byte[] before, byte[] after, IReadOnlyList<string> always)
    {
        var (old, now) = (Members(before), Members(after));
        var output = new ArrayBufferWriter<byte>(after.Length + 256);
        output.Write(after.AsSpan(0, after.Length - 1));
        output.Write(",\"previous_attributes\":{"u8);
        var first = true;
        foreach (var member in old)
        {
            if (before.AsSpan(member.Name).SequenceEqual("updated_at"u8)
                || (Same(member, before, now, after) && !IsOneOf(always, before.AsSpan(member.Name))))
                continue;
            if (!first)
                output.Write(","u8);
            output.Write(before.AsSpan(member.Whole));
            first = false;
        }

        output.Write("}}"u8);
        return output.WrittenSpan.ToArray();
    }

    private static bool IsOneOf(IReadOnlyList<string> names, ReadOnlySpan<byte> name)
    {
        foreach (var candidate in names)
        {
            if (Ascii.Equals(name, candidate))
                return true;
        }

        return false;
    }

    private static bool Same(Member member, byte[] before, List<Member> now, byte[] after)
    {
        var name = before.AsSpan(member.Name);
        foreach (var candidate in now)
        {
            if (!after.AsSpan(candidate.Name).SequenceEqual(name))
                continue;
            ReadOnlySpan<byte> was = before.AsSpan(member.Value);
            ReadOnlySpan<byte> isNow = after.AsSpan(candidate.Value);
            return was.SequenceEqual(isNow) || (was[0] == '{' && isNow[0] == '{' && AreEqual(was, isNow));
        }

        return false;
    }

    // The same members in another order are no change.
    private static bool AreEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var readerOfA = new Utf8JsonReader(a);
        var readerOfB = new Utf8JsonReader(b);
        using var documentA = JsonDocument.ParseValue(ref readerOfA);
        using var documentB = JsonDocument.ParseValue(ref readerOfB);
        return JsonElement.DeepEquals(documentA.RootElement, documentB.RootElement);
    }

    private static List<Member> Members(byte[] json)
    {
        var members = new List<Member>(24);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var name = (start + 1)..(start + 1 + reader.ValueSpan.Length);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(new Member(name, start..(int)reader.BytesConsumed, value..(int)reader.BytesConsumed));
        }

        return members;
    }
}
