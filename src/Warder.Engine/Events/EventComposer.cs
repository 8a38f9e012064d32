using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Contracts;
using Warder.Core.Events;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Storage.Journal;

namespace Warder.Engine.Events;

/// <summary>Writes an event's bytes once, at the time of the change: they are stored, hashed and shown as they are.</summary>
internal static class EventComposer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = WarderJson.Wire.Options.Encoder, SkipValidation = true };

    /// <summary>Composes the event of a change that a caller makes.</summary>
    public static EventDraft Compose(
        ChangeContext changes, CommandContext context, string type, EventData data, string? organizationId, IReadOnlyList<CacheDelta> effects)
    {
        var personal = new List<PersonalValue>();
        var id = changes.NewId(IdKind.Event, context);
        var buffer = new ArrayBufferWriter<byte>(data.Json.Length + 512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("object"u8, "event"u8);
            writer.WriteString("id"u8, id);
            writer.WriteString("event"u8, type);
            writer.WriteString("created_at"u8, context.Now.ToString());
            writer.WriteString("environment_id"u8, changes.EnvironmentId);
            writer.WriteString("organization_id"u8, organizationId);
            writer.WriteString("effects_sha256"u8, CacheDeltaText.DigestOf(effects));
            writer.WritePropertyName("data"u8);
            writer.WriteRawValue(Sealed(data, changes, personal), skipInputValidation: true);
            writer.WritePropertyName("context"u8);
            WriteContext(writer, changes, context, personal);
            writer.WriteEndObject();
        }

        return new EventDraft
        {
            Id = id,
            Environment = changes.Environment,
            Type = type,
            OrganizationId = organizationId,
            CreatedAt = context.Now,
            Bytes = buffer.WrittenSpan.ToArray(),
            PersonalValues = personal,
            CacheDeltas = effects,
        };
    }

    private static void WriteContext(Utf8JsonWriter writer, ChangeContext changes, CommandContext context, List<PersonalValue> personal)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("actor"u8);
        writer.WriteStartObject();
        writer.WriteString("id"u8, changes.Caller.ManagementKeyId ?? "system");
        writer.WriteString("source"u8, changes.Caller.ManagementKeyId is null ? "system"u8 : "api"u8);
        writer.WriteString("name"u8, context.Authority.Name);
        writer.WriteEndObject();
        writer.WriteString("on_behalf_of"u8, changes.Origin.OnBehalfOf);
        writer.WritePropertyName("source_address"u8);
        if (changes.Origin.SourceAddress is { } address)
        {
            // The address belongs to the caller, not to the asserted person: the erasure of that person keeps it.
            var value = PersonalValue.Seal(address, null, changes.Node.Entropy);
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

    // The personal members give way to digests, in the object itself and in what it was before.
    private static byte[] Sealed(EventData data, ChangeContext changes, List<PersonalValue> personal)
    {
        if (data.Personal is not { } about)
            return data.Json;
        var root = JsonNode.Parse(data.Json)!.AsObject();
        Seal(root, about.SubjectId, about.Members, changes, personal);
        if (root["previous_attributes"] is JsonObject previous)
            Seal(previous, about.SubjectId, about.Members, changes, personal);
        using var buffer = new MemoryStream(data.Json.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            root.WriteTo(writer);
        return buffer.ToArray();
    }

    private static void Seal(JsonObject root, string subjectId, IReadOnlyList<string> members, ChangeContext changes, List<PersonalValue> personal)
    {
        foreach (var member in members)
        {
            if (root[member] is not JsonValue value)
                continue;
            var sealedValue = PersonalValue.Seal(value.GetValue<string>(), subjectId, changes.Node.Entropy);
            personal.Add(sealedValue);
            root[member] = new JsonObject { [PersonalValue.Member] = sealedValue.Digest };
        }
    }
}
