namespace Warder.Client.Transport;

/// <summary>When to try again: exponential back-off with full jitter, bounded in number and in time. Pure.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>How long to pause before the next attempt; null: give up.</summary>
    /// <param name="attempts">How many were made; at least 1.</param>
    /// <param name="maxAttempts">How many may be made.</param>
    /// <param name="retryAfter">What the server asked for: a lower bound.</param>
    /// <param name="remaining">How much of the call's time is left. A pause that would use it up is none.</param>
    /// <param name="jitter">0 to 1: callers that failed together do not come back together.</param>
    public static TimeSpan? PauseAfter(int attempts, int maxAttempts, TimeSpan? retryAfter, TimeSpan remaining, double jitter)
    {
        if (attempts >= maxAttempts)
            return null;
        var ceiling = FirstPause * Math.Pow(2, attempts - 1);
        if (ceiling > LongestPause)
            ceiling = LongestPause;
        var pause = (retryAfter ?? TimeSpan.Zero) + (ceiling * jitter);
        return pause < remaining ? pause : null;
    }
}
