using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Warder.Protocol;

namespace Warder.Client.Replicas;

/// <summary>Reads messages of a node, which may have a newer version.</summary>
internal static class NodeMessages
{
    private static readonly HashSet<string> KnownTypes =
    [
        .. typeof(NodeMessage).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
            .Select(static attribute => (string)attribute.TypeDiscriminator!),
    ];

    /// <summary>Reads a message.</summary>
    /// <returns>False: the message's type is unknown here and carries no place in the log, so that the replica can skip it.</returns>
    /// <exception cref="JsonException">
    /// The text is no message; or its type is unknown and carries a place in the log, so that the replica missed a change.
    /// </exception>
    public static bool TryRead(ReadOnlySpan<byte> json, out NodeMessage? message)
    {
        message = null;
        if (IsSkippable(json))
            return false;
        message = JsonSerializer.Deserialize(json, ProtocolJson.Wire.NodeMessage);
        return true;
    }

    // Nodes write the type as the first member, so that a message of a known type is parsed once.
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
