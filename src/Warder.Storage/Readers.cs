using System.Collections.Concurrent;
using System.Data.Common;

namespace Warder.Storage;

/// <summary>
/// Sessions that read a store, and that are kept open between reads. Thread-safe: each read has a session to itself, and waits while all
/// are in use.
/// </summary>
public sealed class Readers : IDisposable
{
    private const int MaxIdle = 8;
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentBag<Session> idle = [];
    private readonly Store store;
    private readonly SemaphoreSlim turns;
    private volatile bool disposed;

    /// <summary>Creates the readers of a store. Sessions are opened when they are needed.</summary>
    /// <param name="store">The store.</param>
    /// <param name="most">The greatest number of sessions.</param>
    internal Readers(Store store, int most) => (this.store, turns) = (store, new SemaphoreSlim(most));

    /// <summary>Runs reads on a session that sees one snapshot per statement.</summary>
    /// <exception cref="StorageException">The database cannot be read, or all sessions are in use for too long.</exception>
    public T Read<T>(Func<Session, T> read)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!turns.Wait(TurnPatience))
            throw new StorageException(
                StorageFaultKind.Unavailable, "Every connection that may read is in use, and has been for too long.");
        try
        {
            return idle.TryTake(out var session) && TryRead(session, read, out var result) ? result : ReadAnew(read);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>Runs several reads on one snapshot.</summary>
    /// <exception cref="StorageException">The database cannot be read, or all sessions are in use for too long.</exception>
    public T ReadSnapshot<T>(Func<Session, T> read) => Read(session => store.ReadSnapshot(session, read));

    /// <summary>Closes the idle sessions. A session in use is closed at the end of its read.</summary>
    public void Dispose()
    {
        disposed = true;
        CloseIdle();
    }

    // The server may have closed an idle connection, and all connections that were idle with it. A read can be repeated.
    private bool TryRead<T>(Session session, Func<Session, T> read, out T result)
    {
        try
        {
            result = ReadOn(session, read);
            return true;
        }
        catch (DbException e) when (store.IsConnectionLost(e))
        {
            CloseIdle();
            result = default!;
            return false;
        }
        catch (DbException e)
        {
            throw store.Translate(e);
        }
    }

    private T ReadAnew<T>(Func<Session, T> read)
    {
        try
        {
            return ReadOn(store.OpenReader(), read);
        }
        catch (DbException e)
        {
            throw store.Translate(e);
        }
    }

    private T ReadOn<T>(Session session, Func<Session, T> read)
    {
        var isGood = false;
        try
        {
            var result = read(session);
            isGood = true;
            return result;
        }
        finally
        {
            if (isGood && idle.Count < MaxIdle)
                idle.Add(session);
            else
                session.Dispose();
            if (disposed)
                CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (idle.TryTake(out var session))
            session.Dispose();
    }
}
