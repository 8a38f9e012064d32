using System.Diagnostics;

namespace Warder.Server.Tests.Hosting;

/// <summary>Polls until a condition holds.</summary>
internal static class Eventually
{
    // Long enough that polling is no load; no test's outcome depends on it.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until a condition holds, and fails with a message at the deadline.</summary>
    public static async Task Holds(Func<Task<bool>> condition, TimeSpan within, string otherwise)
    {
        var since = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(since.Elapsed < within, otherwise);
            await Task.Delay(BetweenLooks);
        }
    }
}
