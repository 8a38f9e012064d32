namespace Warder.Client.Replicas;

/// <summary>Whether a verifier can answer, and from which source.</summary>
public enum VerifierState
{
    /// <summary>
    /// The verifier has no connection to a node. It answers from memory while its lease lasts, and <c>unavailable</c> after.
    /// </summary>
    Disconnected,

    /// <summary>The verifier is connected and has no lease: its node decides each validation.</summary>
    Connected,

    /// <summary>The verifier is connected, and answers from memory.</summary>
    Ready,

    /// <summary>No node accepts the management key: it is not valid, or lacks <c>keys:validate</c>.</summary>
    Unauthorized,
}

/// <summary>The health of a verifier.</summary>
/// <param name="State">Whether the verifier can answer.</param>
/// <param name="Node">The node of the current connection, or of the last one.</param>
/// <param name="Lease">How long the verifier may answer from memory without a new lease; zero when it may not.</param>
/// <param name="AppliedSequence">The number of the last event that memory is known to include.</param>
/// <param name="Lag">The time since the node last confirmed that memory is current: memory is behind by no more than that.</param>
/// <param name="Entries">The number of secrets in memory.</param>
/// <param name="Problem">The last problem, for people; null while the verifier is connected.</param>
public sealed record VerifierHealth(
    VerifierState State, Uri? Node, TimeSpan Lease, long AppliedSequence, TimeSpan Lag, int Entries, string? Problem);
