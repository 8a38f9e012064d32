namespace Warder.Contracts.Events;

/// <summary>
/// A server was started with a clock behind the time of the log, by <c>--accept-clock</c>. The <c>data</c> of the event
/// <c>clock.accepted</c>.
/// </summary>
public sealed record ClockAcceptance
{
    /// <summary><c>clock_acceptance</c></summary>
    public string Object { get; init; } = "clock_acceptance";

    /// <summary>The time of the machine's clock.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>The time that the server continued from.</summary>
    public required DateTimeOffset Floor { get; init; }
}
