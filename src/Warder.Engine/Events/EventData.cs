using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warder.Contracts;

namespace Warder.Engine.Events;

/// <summary>
/// The <c>data</c> of an event: an object of the API after the change, with the additional members of the event, and with its personal
/// values marked.
/// </summary>
/// <remarks>Its JSON is written on any thread, after the command, so its sources must not change.</remarks>
internal sealed class EventData
{
    private readonly Func<byte[]> write;

    private EventData(Func<byte[]> write) => this.write = write;

    /// <summary>Writes the object in UTF-8.</summary>
    public byte[] Json() => write();

    /// <summary>The top-level members that are personal, and the id of their person.</summary>
    public (string SubjectId, IReadOnlyList<string> Members)? Personal { get; private init; }

    /// <summary>Creates the data of an object of the API.</summary>
    public static EventData Of<T>(T shape, JsonTypeInfo<T> type) => new(() => JsonSerializer.SerializeToUtf8Bytes(shape, type));

    /// <summary>Creates the data of an object of the API that is shaped when its JSON is written.</summary>
    public static EventData Of<T>(Func<T> shape, JsonTypeInfo<T> type) => new(() => JsonSerializer.SerializeToUtf8Bytes(shape(), type));

    /// <summary>
    /// Creates the data of a changed object, with the previous values of its changed members under <c>previous_attributes</c>.
    /// </summary>
    public static EventData OfChange<T>(T before, T after, JsonTypeInfo<T> type)
        => OfChange(() => before, () => after, type);

    /// <summary>Creates the data of a changed object, with both objects shaped when the JSON is written.</summary>
    /// <param name="before">The object before the change.</param>
    /// <param name="after">The object after the change.</param>
    /// <param name="type">How both are written.</param>
    /// <param name="always">Members that <c>previous_attributes</c> has also when they are unchanged: WorkOS' models require them.</param>
    public static EventData OfChange<T>(Func<T> before, Func<T> after, JsonTypeInfo<T> type, params IReadOnlyList<string> always)
        => new(
            () => PreviousAttributes.Add(
                JsonSerializer.SerializeToUtf8Bytes(before(), type), JsonSerializer.SerializeToUtf8Bytes(after(), type), always));

    /// <summary>Determines whether two objects are shown alike: then a change has changed nothing, and gets no event.</summary>
    public static bool IsSame<T>(T one, T other, JsonTypeInfo<T> type)
        => JsonElement.DeepEquals(JsonSerializer.SerializeToElement(one, type), JsonSerializer.SerializeToElement(other, type));

    /// <summary>Adds the number of keys that ended with the object.</summary>
    public EventData WithKeysEnded(long count) => With("api_keys_ended", writer => writer.WriteNumberValue(count));

    /// <summary>Marks a person's members.</summary>
    public EventData About(string userId, params IReadOnlyList<string> members) => new(write) { Personal = (userId, members) };

    private EventData With(string name, Action<Utf8JsonWriter> value) => new(() => Add(write(), name, value)) { Personal = Personal };

    private static byte[] Add(byte[] json, string name, Action<Utf8JsonWriter> value)
    {
        using var buffer = new MemoryStream(json.Length + 128);
        buffer.Write(json.AsSpan(0, json.Length - 1));
        buffer.WriteByte((byte)',');
        using var member = new MemoryStream();
        using (var writer = new Utf8JsonWriter(member, new JsonWriterOptions { Encoder = WarderJson.Wire.Options.Encoder }))
        {
            writer.WriteStartObject();
            writer.WritePropertyName(name);
            value(writer);
            writer.WriteEndObject();
        }

        buffer.Write(member.GetBuffer().AsSpan(1, (int)member.Length - 1));
        return buffer.ToArray();
    }
}
