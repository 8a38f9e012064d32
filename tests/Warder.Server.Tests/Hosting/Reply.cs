using System.Net.Http.Headers;
using System.Text.Json;

namespace Warder.Server.Tests.Hosting;

/// <summary>An answer of the server.</summary>
internal sealed record Reply(int Status, string Text, HttpResponseHeaders Headers)
{
    private JsonElement? json;

    public JsonElement Json => json ??= JsonDocument.Parse(Text).RootElement;

    public string Id => Json.GetProperty("id").GetString()!;

    public string Value => Json.GetProperty("value").GetString()!;

    /// <summary>The error's code; empty when the answer is not an error.</summary>
    public string Code => Status >= 400 && Text.Length > 0 ? Json.GetProperty("code").GetString()! : "";

    /// <summary>Returns a member as text.</summary>
    public string? this[string member] => Json.GetProperty(member).ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The items of a list.</summary>
    public List<JsonElement> Data => [.. Json.GetProperty("data").EnumerateArray()];

    /// <summary>The ids of a list's items.</summary>
    public List<string> Ids => Data.ConvertAll(item => item.GetProperty("id").GetString()!);

    /// <summary>The code and field of each fault.</summary>
    public List<string> Faults => Json.TryGetProperty("errors", out var errors)
        ? [.. errors.EnumerateArray().Select(error => $"{error.GetProperty("field").GetString()}: {error.GetProperty("code").GetString()}")]
        : [];

    /// <summary>Returns this answer, and asserts its status.</summary>
    public Reply Is(int status)
    {
        Assert.True(Status == status, $"{Status}, not {status}: {Text}");
        return this;
    }
}
