using System.Text.Json;

namespace Warder.Storage.Directory;

/// <summary>String-to-string metadata in a text column.</summary>
internal static class Metadata
{
    public static string Write(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return "{}";
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in metadata)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static IReadOnlyDictionary<string, string> Read(string text)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (text.Length <= 2)
            return metadata;
        using var document = JsonDocument.Parse(text);
        foreach (var member in document.RootElement.EnumerateObject())
            metadata.Add(member.Name, member.Value.GetString()!);
        return metadata;
    }
}
