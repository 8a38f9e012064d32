namespace Warder.Contracts.Events;

/// <summary>
/// A server was started on a database that does not include the watermark, by <c>--accept-older-log</c>. The <c>data</c> of the event
/// <c>log.older_accepted</c>.
/// </summary>
public sealed record OlderLogAcceptance
{
    /// <summary><c>older_log_acceptance</c></summary>
    public string Object { get; init; } = "older_log_acceptance";

    /// <summary>The last event of the database at the start.</summary>
    public required long Sequence { get; init; }

    /// <summary>The last event of the watermark.</summary>
    public required long WatermarkSequence { get; init; }

    /// <summary>The time of the watermark.</summary>
    public required DateTimeOffset WatermarkAt { get; init; }
}
