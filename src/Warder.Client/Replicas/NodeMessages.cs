using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Warder.Contracts;
using Warder.Contracts.Replicas;

namespace Warder.Client.Replicas;

/// <summary>Reads messages of a node, which may be of a newer version.</summary>
internal static class NodeMessages
{
    private static readonly HashSet<string> KnownTypes =
    [
        .. typeof(NodeMessage).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
            .Select(static attribute => (string)attribute.TypeDiscriminator!),
    ];

    /// <summary>Reads a message.</summary>
    /// <returns>False: its type is not known here and carries no place in the log, so that it can be skipped.</returns>
    /// <exception cref="JsonException">
    /// It is no message, or of an unknown type that carries a place in the log: a change was missed.
    /// </exception>
    public static bool TryRead(ReadOnlySpan<byte> json, out NodeMessage? message)
    {
        message = null;
        if (IsSkippable(json))
            return false;
        message = JsonSerializer.Deserialize(json, WarderJson.Wire.NodeMessage);
        return true;
    }

    // The type is the first member of what nodes write, so that a known message is not read twice.
    private static bool IsSkippable(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        string? type = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            if (reader.ValueTextEquals("place"u8) || reader.ValueTextEquals("delta"u8))
                return false;
            reader.Read();
            if (isType)
            {
                type = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                if (type is null || KnownTypes.Contains(type))
                    return false;
            }

            reader.Skip();
        }

        return type is not null;
    }
}
