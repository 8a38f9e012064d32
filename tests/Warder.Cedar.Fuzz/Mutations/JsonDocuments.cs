using System.Text.Json;
using System.Text.Json.Nodes;

namespace Warder.Cedar.Fuzz.Mutations;

/// <summary>Inspects a document without reading values from it.</summary>
internal static class JsonDocuments
{
    // More than either engine supports.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>Parses a document of any depth.</summary>
    public static JsonNode? Parse(string json) => JsonNode.Parse(json, documentOptions: Deep);

    /// <summary>Whether a text is one JSON object.</summary>
    public static bool IsObject(string text) => Is(text, kind => kind == JsonValueKind.Object);

    /// <summary>Whether a text is one JSON object or array.</summary>
    public static bool IsDocument(string text) => Is(text, kind => kind is JsonValueKind.Object or JsonValueKind.Array);

    private static bool Is(string text, Predicate<JsonValueKind> isWanted)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Deep with { AllowDuplicateProperties = false });
            return isWanted(document.RootElement.ValueKind);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
