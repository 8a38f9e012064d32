using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Contracts;
using Warder.Core.Events;
using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage.Journal;

namespace Warder.Engine.Events;

/// <summary>Writes an event's bytes once, for the change's commit. They are stored, hashed and shown unchanged.</summary>
/// <remarks>
/// A command only describes its event. The bytes are written on any thread before the commit, from values that do not change any more.
/// </remarks>
internal static class EventComposer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = WarderJson.Wire.Options.Encoder, SkipValidation = true };

    /// <summary>Composes the event of a caller's change.</summary>
    public static EventDraft Compose(
        EventContext changes, CommandContext context, string type, EventData data, string? organizationId,
        IReadOnlyList<CacheDelta> effects)
    {
        // Values of the command's context and of the node are read now, because both continue to change.
        var head = new Head(
            changes.NewId(IdKind.Event, context), type, context.Now, changes.EnvironmentId, organizationId, context.Authority.Name);
        return new EventDraft
        {
            Id = head.Id,
            Environment = changes.Environment,
            Type = type,
            OrganizationId = organizationId,
            CreatedAt = head.CreatedAt,
            Body = EventBody.Later(() => Write(changes, head, data, effects)),
            CacheDeltas = effects,
        };
    }

    private sealed record Head(string Id, string Type, Instant CreatedAt, string EnvironmentId, string? OrganizationId, string? ActorName);

    private static (byte[] Bytes, IReadOnlyList<PersonalValue> PersonalValues) Write(
        EventContext changes, Head head, EventData data, IReadOnlyList<CacheDelta> effects)
    {
        var personal = new List<PersonalValue>();
        var json = Sealed(data, changes, personal);
        var buffer = new ArrayBufferWriter<byte>(json.Length + 768);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("object"u8, "event"u8);
            writer.WriteString("id"u8, head.Id);
            writer.WriteString("event"u8, head.Type);
            writer.WriteString("created_at"u8, head.CreatedAt.ToString());
            writer.WriteString("environment_id"u8, head.EnvironmentId);
            writer.WriteString("organization_id"u8, head.OrganizationId);
            writer.WriteString("effects_sha256"u8, CacheDeltaText.DigestOf(effects));
            writer.WritePropertyName("data"u8);
            writer.WriteRawValue(json, skipInputValidation: true);
            writer.WritePropertyName("context"u8);
            WriteContext(writer, changes, head.ActorName, personal);
            writer.WriteEndObject();
        }

        return (buffer.WrittenSpan.ToArray(), personal);
    }

    private static void WriteContext(Utf8JsonWriter writer, EventContext changes, string? actorName, List<PersonalValue> personal)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("actor"u8);
        writer.WriteStartObject();
        writer.WriteString("id"u8, changes.Caller.ManagementKeyId ?? "system");
        writer.WriteString("source"u8, changes.Caller.ManagementKeyId is null ? "system"u8 : "api"u8);
        writer.WriteString("name"u8, actorName);
        writer.WriteEndObject();
        writer.WriteString("on_behalf_of"u8, changes.Origin.OnBehalfOf);
        writer.WritePropertyName("source_address"u8);
        if (changes.Origin.SourceAddress is { } address)
        {
            // The address belongs to the caller, not to the asserted person: the erasure of that person keeps it.
            var value = PersonalValue.Seal(address, null, changes.Entropy);
            personal.Add(value);
            writer.WriteStartObject();
            writer.WriteString(PersonalValue.Member, value.Digest);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteString("request_id"u8, changes.Origin.RequestId);
        writer.WriteEndObject();
    }

    // Replaces the personal members by digests, in the object itself and in its previous attributes.
    private static byte[] Sealed(EventData data, EventContext changes, List<PersonalValue> personal)
    {
        var json = data.Json();
        if (data.Personal is not { } about)
            return json;
        var root = JsonNode.Parse(json)!.AsObject();
        Seal(root, about.SubjectId, about.Members, changes, personal);
        if (root["previous_attributes"] is JsonObject previous)
            Seal(previous, about.SubjectId, about.Members, changes, personal);
        using var buffer = new MemoryStream(json.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            root.WriteTo(writer);
        return buffer.ToArray();
    }

    private static void Seal(
        JsonObject root, string subjectId, IReadOnlyList<string> members, EventContext changes, List<PersonalValue> personal)
    {
        foreach (var member in members)
        {
            if (root[member] is not JsonValue value)
                continue;
            var sealedValue = PersonalValue.Seal(value.GetValue<string>(), subjectId, changes.Entropy);
            personal.Add(sealedValue);
            root[member] = new JsonObject { [PersonalValue.Member] = sealedValue.Digest };
        }
    }
}
