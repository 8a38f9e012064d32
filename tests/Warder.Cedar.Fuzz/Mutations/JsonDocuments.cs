using System.Text.Json;

namespace Warder.Cedar.Fuzz.Mutations;

/// <summary>What can be said of a document without reading values from it.</summary>
internal static class JsonDocuments
{
    /// <summary>Whether a text is one JSON object.</summary>
    public static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 512 });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
