using System.Diagnostics;

namespace Warder.Server.Tests.Hosting;

/// <summary>Waits for what comes about by itself, by looking again and again.</summary>
internal static class Eventually
{
    // Long enough that looking is no load, and nothing that a test's outcome depends on.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until something holds, and fails with a message when it still does not at the deadline.</summary>
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
