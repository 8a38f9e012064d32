using Warder.Contracts.Errors;

namespace Warder.Client;

/// <summary>A call that Warder refused, or that did not reach it. Holds no secret.</summary>
public sealed class WarderException : Exception
{
    /// <summary>The <see cref="Code"/> when no connection was made, or it was lost before the answer.</summary>
    public const string ConnectionFailed = "connection_failed";

    /// <summary>The <see cref="Code"/> when the answer did not come in time.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The <see cref="Code"/> when something answered that does not speak as Warder does.</summary>
    public const string UnexpectedAnswer = "unexpected_answer";

    /// <summary>Creates one.</summary>
    public WarderException(int status, string code, string message, Exception? innerException = null)
        : base(message, innerException) => (Status, Code) = (status, code);

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Status { get; }

    /// <summary>What was wrong, for programs: <c>entity_not_found</c>, <c>api_key_ended</c>, …</summary>
    public string Code { get; }

    /// <summary>The fields at fault; empty when the fault is not a field's.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>The request's id, by which the server's operator finds it; null when there was no answer.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the server asks to be left alone; null when it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether Warder could not say yes or no at all: unreachable, overloaded or without its store. Never a reason to let anything pass.
    /// </summary>
    public bool IsUnavailable => Status is 0 or 429 or >= 500 || Code == UnexpectedAnswer;
}
