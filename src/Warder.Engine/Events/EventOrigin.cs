using Warder.Core.Faults;

namespace Warder.Engine.Events;

/// <summary>The origin of a change in its events.</summary>
/// <param name="RequestId">The request's id; null for Warder's own changes.</param>
/// <param name="SourceAddress">The caller's IP address.</param>
/// <param name="OnBehalfOf">The person that the caller's back end claims to act for: asserted, not proved.</param>
internal sealed record EventOrigin(string? RequestId, string? SourceAddress, string? OnBehalfOf)
{
    /// <summary>The header that names the person.</summary>
    public const string OnBehalfOfHeader = "Warder-On-Behalf-Of";

    /// <summary>The fault for a person that the environment does not have: unknown, deleted, or of another environment.</summary>
    public static Fault UnknownPerson => Fault.Field(OnBehalfOfHeader, "not_found", "There is no such user.");

    /// <summary>The origin of Warder's own changes.</summary>
    public static EventOrigin None { get; } = new(null, null, null);
}
