using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Warder.Client.Transport;

/// <summary>One request of the API, ready to be sent, and sent again where that is safe.</summary>
internal sealed record Call
{
    private Call(HttpMethod method, string target) => (Method, Target) = (method, target);

    public HttpMethod Method { get; }

    /// <summary>Path and query, relative to the base address.</summary>
    public string Target { get; }

    /// <summary>The body's JSON; serialized once, since the same idempotency key demands the same bytes.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>Sent with each attempt, so that the server does the thing once.</summary>
    public string? IdempotencyKey { get; private init; }

    /// <summary>Whether sending it twice does no more than sending it once.</summary>
    public bool IsRepeatable { get; private init; }

    /// <summary>A call that changes nothing.</summary>
    public static Call Get(string target) => new(HttpMethod.Get, target) { IsRepeatable = true };

    /// <summary>A single look, whose failure is itself the answer.</summary>
    public static Call Probe(string target) => new(HttpMethod.Get, target);

    /// <summary>A POST that changes nothing: a validation.</summary>
    public static Call Ask<T>(string target, T body, JsonTypeInfo<T> type)
        => new(HttpMethod.Post, target) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type), IsRepeatable = true };

    /// <summary>A POST that creates or shows a secret: repeatable, because its idempotency key goes with it.</summary>
    public static Call Create<T>(string target, T body, JsonTypeInfo<T> type, string idempotencyKey)
        => new(HttpMethod.Post, target)
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body, type),
            IdempotencyKey = idempotencyKey,
            IsRepeatable = true,
        };

    /// <summary>Any other change: sent once.</summary>
    public static Call Change<T>(HttpMethod method, string target, T body, JsonTypeInfo<T> type)
        => new(method, target) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>A change that needs no body: sent once.</summary>
    public static Call Change(HttpMethod method, string target) => new(method, target);
}
