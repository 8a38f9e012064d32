namespace Warder.Client.Replicas;

/// <summary>Whether a verifier can answer, and from where.</summary>
public enum VerifierState
{
    /// <summary>It has no connection to a node. It answers from memory as long as its lease lasts, and else that it cannot know.</summary>
    Disconnected,

    /// <summary>It is connected and has no lease: its node is asked for each validation.</summary>
    Connected,

    /// <summary>It is connected, and answers from memory.</summary>
    Ready,

    /// <summary>No node lets it in: the management key is not good, or lacks <c>keys:validate</c>.</summary>
    Unauthorized,
}

/// <summary>How a verifier is.</summary>
/// <param name="State">Whether it can answer.</param>
/// <param name="Node">The node that it is connected to, or was last.</param>
/// <param name="Lease">How long it may answer from memory, should it hear nothing more; zero when it may not.</param>
/// <param name="AppliedSequence">The last event of the log that memory is known to include.</param>
/// <param name="Lag">Since when it has not heard that this is all: memory is behind by no more than that.</param>
/// <param name="Entries">How many secrets memory holds.</param>
/// <param name="Problem">What went wrong last, for people; null while it is connected.</param>
public sealed record VerifierHealth(VerifierState State, Uri? Node, TimeSpan Lease, long AppliedSequence, TimeSpan Lag, int Entries, string? Problem);
