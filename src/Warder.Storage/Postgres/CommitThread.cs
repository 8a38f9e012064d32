using System.Runtime.ExceptionServices;

namespace Warder.Storage.Postgres;

/// <summary>
/// A thread on which commits wait for their answer, so that the writer can stop waiting for one without cancelling it. Begun with the first commit.
/// </summary>
/// <remarks>Used by one caller at a time, and not again after a call that was given up.</remarks>
internal sealed class CommitThread : IDisposable
{
    private const int Running = 0;
    private const int Ended = 1;
    private const int GivenUp = 2;

    private readonly SemaphoreSlim asked = new(0);
    private readonly SemaphoreSlim answered = new(0);
    private Thread? thread;
    private Action? work;
    private ExceptionDispatchInfo? failure;
    private Action? afterwards;
    private int state;

    /// <summary>Runs the work. False when it took too long: then it goes on, and what comes afterwards is left to it.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="whenGivenUp">What to do when it ends all the same.</param>
    public bool Run(Action action, TimeSpan patience, Action whenGivenUp)
    {
        if (thread is null)
        {
            thread = new Thread(Serve) { IsBackground = true, Name = "commits" };
            thread.Start();
        }

        (work, failure, afterwards, state) = (action, null, whenGivenUp, Running);
        asked.Release();
        if (!answered.Wait(patience))
        {
            if (Interlocked.CompareExchange(ref state, GivenUp, Running) == Running)
                return false;
            // It has ended just now.
            answered.Wait();
        }

        failure?.Throw();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        work = null;
        asked.Release();
    }

    private void Serve()
    {
        while (true)
        {
            asked.Wait();
            if (work is not { } action)
                return;
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            if (Interlocked.CompareExchange(ref state, Ended, Running) != Running)
            {
                afterwards!();
                return;
            }

            answered.Release();
        }
    }
}
