using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Cedar.Fuzz.Mutations;

namespace Warder.Cedar.Fuzz.Oracle;

/// <summary>One call of a function of the official engine.</summary>
/// <param name="Function">Its name in the package.</param>
/// <param name="Texts">Arguments that are texts, before the last.</param>
/// <param name="Json">The last argument, JSON that reaches the engine to the letter; null when texts are all there are.</param>
internal sealed record Call(string Function, IReadOnlyList<string> Texts, string? Json)
{
    public static Call Of(string function, string json) => new(function, [], json);

    /// <summary>A policy set that later calls name <paramref name="id"/>.</summary>
    public static Call Prepare(string function, string id, string json) => new(function, [id], json);

    /// <summary>A text as a JSON string.</summary>
    public static string Text(string text) => JsonSerializer.Serialize(text);

    /// <summary>How it goes over the wire: one line.</summary>
    public string ToLine() => JsonSerializer.Serialize(new object?[] { Function, Texts, Json });
}

/// <summary>What the official engine said.</summary>
internal sealed class Answer(string json)
{
    private readonly Lazy<JsonNode> _node = new(() => JsonDocuments.Parse(json)!);

    public string Json => json;

    public JsonNode Node => _node.Value;

    public bool Succeeded => (string?)Node["type"] == "success";

    /// <summary>Whether the engine broke down, as it does now and then on input that it should refuse. No verdict.</summary>
    public bool IsBreakdown => (string?)Node["type"] == "breakdown";

    /// <summary>What was wrong.</summary>
    public string Errors => Node["errors"] is JsonArray errors ? string.Join(" | ", errors.Select(error => (string?)error!["message"])) : json;
}
