using Warder.Contracts.Errors;

namespace Warder.Client;

/// <summary>A call that Warder refused, or that got no answer. Holds no secret.</summary>
public sealed class WarderException : Exception
{
    /// <summary>The <see cref="Code"/> of a connection that was not made, or was lost before the answer.</summary>
    public const string ConnectionFailed = "connection_failed";

    /// <summary>The <see cref="Code"/> of an answer that did not arrive in time.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The <see cref="Code"/> of an answer that is not in Warder's form.</summary>
    public const string UnexpectedAnswer = "unexpected_answer";

    /// <summary>Creates an exception.</summary>
    public WarderException(int status, string code, string message, Exception? innerException = null)
        : base(message, innerException) => (Status, Code) = (status, code);

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Status { get; }

    /// <summary>The error, for programs: <c>entity_not_found</c>, <c>api_key_ended</c>, …</summary>
    public string Code { get; }

    /// <summary>The invalid fields; empty when the error concerns no field.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>The request's id, by which the server's operator finds the request; null when there was no answer.</summary>
    public string? RequestId { get; init; }

    /// <summary>The server's <c>Retry-After</c>; null when the answer has none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether Warder reached no decision: it was unreachable, overloaded or without its store. It is never a reason to allow a request.
    /// </summary>
    public bool IsUnavailable => Status is 0 or 429 or >= 500 || Code == UnexpectedAnswer;
}
