using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Cedar.Fuzz.Mutations;

namespace Warder.Cedar.Fuzz.Oracle;

/// <summary>One call of a function of the official engine.</summary>
/// <param name="Function">Its name in the package.</param>
/// <param name="Texts">Text arguments, before the last.</param>
/// <param name="Json">The last argument, JSON that reaches the engine unchanged; null when all arguments are texts.</param>
internal sealed record Call(string Function, IReadOnlyList<string> Texts, string? Json)
{
    public static Call Of(string function, string json) => new(function, [], json);

    /// <summary>Prepares a policy set, to which later calls refer as <paramref name="id"/>.</summary>
    public static Call Prepare(string function, string id, string json) => new(function, [id], json);

    /// <summary>Writes a text as a JSON string.</summary>
    public static string Text(string text) => JsonSerializer.Serialize(text);

    /// <summary>Encodes the call as one line.</summary>
    public string ToLine() => JsonSerializer.Serialize(new object?[] { Function, Texts, Json });
}

/// <summary>The answer of the official engine.</summary>
internal sealed class Answer(string json)
{
    private readonly Lazy<JsonNode> _node = new(() => JsonDocuments.Parse(json)!);

    public string Json => json;

    public JsonNode Node => _node.Value;

    public bool Succeeded => (string?)Node["type"] == "success";

    /// <summary>Whether the engine crashed, as it does now and then on input that it should refuse. This is no verdict.</summary>
    public bool IsBreakdown => (string?)Node["type"] == "breakdown";

    /// <summary>The error messages.</summary>
    public string Errors
        => Node["errors"] is JsonArray errors ? string.Join(" | ", errors.Select(error => (string?)error!["message"])) : json;
}
