using Microsoft.Extensions.Logging;

namespace Warder.Engine.Background;

/// <summary>Starts and stops a node's background work, and shows how each part of it goes.</summary>
/// <param name="works">The works, each after those that it uses.</param>
internal sealed class BackgroundHost(IReadOnlyList<BackgroundWork> works) : IDisposable
{
    /// <summary>The works in the order of their start.</summary>
    public IReadOnlyList<BackgroundWork> Works => works;

    /// <summary>Starts each work, in order.</summary>
    /// <param name="loggers">Creates the logger of each work.</param>
    /// <exception cref="Exception">A work cannot be prepared. Those before it are started.</exception>
    public void Start(ILoggerFactory loggers)
    {
        foreach (var work in works)
            work.Start(loggers.CreateLogger(work.GetType()));
    }

    /// <summary>Stops each work, the last first.</summary>
    public void Dispose()
    {
        foreach (var work in works.Reverse())
            work.Dispose();
    }
}
