using System.Text.Json;
using System.Text.Json.Serialization;
using Warder.Contracts.Json;

namespace Warder.Protocol;

/// <summary>
/// The messages between nodes and replicas, source-generated. Use <see cref="Wire"/>. Reading a message without a required member, or with
/// null where the message has no null, throws a <see cref="JsonException"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ReplicaMessage))]
[JsonSerializable(typeof(NodeMessage))]
[JsonSerializable(typeof(PreloadedKeys))]
public sealed partial class ProtocolJson : JsonSerializerContext
{
    /// <summary>The one instance for the wire: compact, snake_case, nulls written, nothing escaped that JSON does not require.</summary>
    public static ProtocolJson Wire => WireHolder.Instance;

    // A type of its own: the order of static initializers across the parts of a partial class is not defined.
    private static class WireHolder
    {
        internal static readonly ProtocolJson Instance = new(new JsonSerializerOptions(Default.Options!)
        {
            TypeInfoResolver = null,
            Encoder = StringifyEncoder.Instance,
        });
    }
}
