using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Warder.Client.Transport;

/// <summary>One request of the API. It is sent again only where that is safe.</summary>
internal sealed record Call
{
    private Call(HttpMethod method, string target) => (Method, Target) = (method, target);

    public HttpMethod Method { get; }

    /// <summary>Path and query, relative to the base address.</summary>
    public string Target { get; }

    /// <summary>The body's JSON; serialized once, since the same idempotency key demands the same bytes.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>The key that each attempt sends, so that the server makes the change once.</summary>
    public string? IdempotencyKey { get; private init; }

    /// <summary>Whether sending the call twice has the same effect as sending it once.</summary>
    public bool IsRepeatable { get; private init; }

    /// <summary>Creates a call that changes nothing.</summary>
    public static Call Get(string target) => new(HttpMethod.Get, target) { IsRepeatable = true };

    /// <summary>Creates a call that is sent once, because its failure is the result.</summary>
    public static Call Probe(string target) => new(HttpMethod.Get, target);

    /// <summary>Creates a POST that changes nothing: a validation.</summary>
    public static Call Query<T>(string target, T body, JsonTypeInfo<T> type)
        => new(HttpMethod.Post, target) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type), IsRepeatable = true };

    /// <summary>Creates a POST that creates an object or shows a secret. Its idempotency key makes it repeatable.</summary>
    public static Call Create<T>(string target, T body, JsonTypeInfo<T> type, string idempotencyKey)
        => new(HttpMethod.Post, target)
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body, type),
            IdempotencyKey = idempotencyKey,
            IsRepeatable = true,
        };

    /// <summary>Creates any other change: it is sent once.</summary>
    public static Call Change<T>(HttpMethod method, string target, T body, JsonTypeInfo<T> type)
        => new(method, target) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>Creates a change without a body: it is sent once.</summary>
    public static Call Change(HttpMethod method, string target) => new(method, target);
}
