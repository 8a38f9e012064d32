namespace Warder.Client.Transport;

/// <summary>Computes retries: exponential back-off with full jitter, bounded in number and in time. Pure.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Computes the pause before the next attempt; null: no further attempt.</summary>
    /// <param name="attempts">The number of attempts so far; at least 1.</param>
    /// <param name="maxAttempts">The largest number of attempts.</param>
    /// <param name="retryAfter">The server's <c>Retry-After</c>: a lower bound of the pause.</param>
    /// <param name="remaining">The remaining time of the call. A pause that would use it up ends the call.</param>
    /// <param name="jitter">0 to 1: spreads callers that failed together.</param>
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
