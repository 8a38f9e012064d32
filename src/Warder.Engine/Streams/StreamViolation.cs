using System.Net.WebSockets;
using Warder.Protocol;

namespace Warder.Engine.Streams;

/// <summary>The reason to close a replica's connection: a status of RFC 6455, section 7.4.1, and a code for programs.</summary>
/// <param name="Status">The status of the close frame.</param>
/// <param name="Code">The reason of the close frame.</param>
internal sealed record StreamViolation(WebSocketCloseStatus Status, string Code)
{
    /// <summary>The message is no JSON, or none of the protocol's messages.</summary>
    public static StreamViolation Malformed { get; } = new(WebSocketCloseStatus.PolicyViolation, "malformed_message");

    /// <summary>The message is longer than the protocol allows.</summary>
    public static StreamViolation TooLong { get; } = new(WebSocketCloseStatus.MessageTooBig, "message_too_long");

    /// <summary>The message is binary.</summary>
    public static StreamViolation NotText { get; } = new(WebSocketCloseStatus.InvalidMessageType, "not_text");

    /// <summary>The identity is not 32 lower-case hex digits.</summary>
    public static StreamViolation InvalidIdentity { get; } = new(WebSocketCloseStatus.PolicyViolation, "invalid_identity");

    /// <summary>The name is empty, longer than 64 characters, or not printable ASCII.</summary>
    public static StreamViolation InvalidName { get; } = new(WebSocketCloseStatus.PolicyViolation, "invalid_name");

    /// <summary>More lookups are pending than a replica may have, by messages or by bytes.</summary>
    public static StreamViolation TooManyQuestions { get; } = new(WebSocketCloseStatus.PolicyViolation, "too_many_questions");

    /// <summary>There is no room for a message of the connection.</summary>
    public static StreamViolation OverBudget { get; } = new(WebSocketCloseStatus.PolicyViolation, "over_budget");

    /// <summary>Checks a request for a lease.</summary>
    /// <returns>The violation; null: there is none.</returns>
    public static StreamViolation? Of(LeaseRequest request)
    {
        if (request.Identity.Length != StreamLimits.ReplicaIdentityCharacters
            || request.Identity.Any(static each => !char.IsAsciiHexDigitLower(each)))
            return InvalidIdentity;
        return request.Name.Length is 0 or > StreamLimits.ReplicaNameCharacters || request.Name.Any(static each => each is < ' ' or > '~')
            ? InvalidName
            : null;
    }
}
