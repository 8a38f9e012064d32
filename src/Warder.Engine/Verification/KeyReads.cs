using System.Runtime.InteropServices;
using Warder.Core.Verification;
using Warder.Engine.Lists;
using Warder.Storage;
using Warder.Storage.Verification;

namespace Warder.Engine.Verification;

/// <summary>
/// Reads keys from the store on a few threads of its own, for requests that wait without a thread. A read that waits for the store holds no
/// thread of the pool, on which hits are answered.
/// </summary>
/// <remarks>
/// <para>
/// Invariant: a request is answered from a read that was sent after the request began. It joins a read of its token that was not yet sent,
/// or opens one. Otherwise, an answer could come from a snapshot that is older than a change which returned before the request.
/// </para>
/// <para>
/// One read of a token runs at a time: the next one is sent when it has ended, and answers all requests that arrived meanwhile.
/// </para>
/// <para>Environments take turns. <see cref="MissGate"/> bounds the number of requests that register reads here. Thread-safe.</para>
/// </remarks>
internal sealed class KeyReads : IDisposable
{
    /// <summary>The number of threads that read: over an embedded database they compete for processors, over a network they wait.</summary>
    private const int EmbeddedThreads = 2, SharedThreads = 4;

    // A read that the database delays ends when its connection is closed.
    private static readonly TimeSpan MostStop = TimeSpan.FromSeconds(5);

    private readonly object gate = new();
    private readonly Dictionary<TokenKey, KeyRead> open = [];
    private readonly HashSet<TokenKey> sent = [];
    private readonly Dictionary<int, Queue<KeyRead>> lines = [];
    private readonly Queue<int> turns = [];
    private readonly Store store;
    private readonly Action? reading;
    private readonly Thread[] threads;
    private bool isStarted;
    private bool isOver;
    private int inline;

    /// <summary>Creates the reader of a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="reading">Called on the reading thread, before each read: for tests.</param>
    public KeyReads(Store store, Action? reading = null)
    {
        (this.store, this.reading) = (store, reading);
        threads = new Thread[store.IsShared ? SharedThreads : EmbeddedThreads];
    }

    /// <summary>The number of threads that read at most, without the one of <see cref="TryReadHere"/>.</summary>
    public int Threads => threads.Length;

    /// <summary>The number of reads that are registered and not yet sent.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return open.Count;
        }
    }

    /// <summary>
    /// Reads on the calling thread, if the database is embedded and no other caller does so. One indexed read takes less time than another
    /// thread takes to wake; and one thread at most is held.
    /// </summary>
    /// <returns>False: the read must be registered.</returns>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public bool TryReadHere(int environment, byte[] digest, out LoadedKey? key)
    {
        key = null;
        if (store.IsShared || Interlocked.CompareExchange(ref inline, 1, 0) != 0)
            return false;
        try
        {
            reading?.Invoke();
            key = KeyLoader.Load(store, environment, digest);
            return true;
        }
        finally
        {
            Volatile.Write(ref inline, 0);
        }
    }

    /// <summary>
    /// Loads the keys of secrets by their digests. The task completes once, when the last read has ended, also if an earlier one failed.
    /// </summary>
    /// <returns>In the order of the digests. Null: the environment has no such secret.</returns>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public async Task<LoadedKey?[]> LoadAsync(int environment, IReadOnlyList<byte[]> digests)
    {
        if (digests.Count == 0)
            return [];
        var (request, reads) = (new ReadRequest(digests.Count), new KeyRead[digests.Count]);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isOver, this);
            for (var i = 0; i < reads.Length; i++)
            {
                reads[i] = Open(environment, digests[i]);
                reads[i].Add(request);
            }
        }

        await request.Done;
        return Array.ConvertAll(reads, static read => read.Key);
    }

    /// <summary>Runs a read of several statements.</summary>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public async Task<T> RunAsync<T>(int environment, Func<Session, T> read)
    {
        T result = default!;
        await RunAsync(environment, new KeyRead(session => result = read(session)));
        return result;
    }

    /// <summary>
    /// Runs work of a request whose keys were read, with the priority of the reads. On the pool, the answer to a large batch would hold a
    /// processor for milliseconds before hits.
    /// </summary>
    public async Task<T> RunAsync<T>(int environment, Func<T> work)
    {
        T result = default!;
        await RunAsync(environment, new KeyRead(() => { result = work(); }));
        return result;
    }

    /// <summary>Ends the threads, and fails the waiting reads.</summary>
    public void Dispose()
    {
        List<KeyRead> left;
        lock (gate)
        {
            if (isOver)
                return;
            isOver = true;
            left = [.. open.Values, .. lines.Values.SelectMany(static line => line).Where(static read => read.Digest is null)];
            open.Clear();
            lines.Clear();
            turns.Clear();
            Monitor.PulseAll(gate);
        }

        left.ForEach(static read => read.Fail(new StorageException(StorageFaultKind.Unavailable, "This node stops.")));
        foreach (var thread in threads)
            thread?.Join(MostStop);
    }

    private Task RunAsync(int environment, KeyRead job)
    {
        var request = new ReadRequest(1);
        job.Add(request);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isOver, this);
            Enqueue(environment, job);
        }

        return request.Done;
    }

    // Called under the lock.
    private KeyRead Open(int environment, byte[] digest)
    {
        var token = TokenKey.Of(environment, digest);
        ref var read = ref CollectionsMarshal.GetValueRefOrAddDefault(open, token, out var isOpen);
        if (!isOpen)
        {
            read = new KeyRead(token, digest);
            if (!sent.Contains(token))
                Enqueue(environment, read);
        }

        return read!;
    }

    // Called under the lock.
    private void Enqueue(int environment, KeyRead read)
    {
        if (!isStarted)
            Start();
        ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, environment, out _);
        line ??= new Queue<KeyRead>();
        line.Enqueue(read);
        if (line.Count == 1)
            turns.Enqueue(environment);
        Monitor.Pulse(gate);
    }

    // Called at the first miss that no caller reads itself: most short-lived processes never need the threads.
    private void Start()
    {
        isStarted = true;
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Run) { IsBackground = true, Name = "key reader" };
            threads[i].Start();
        }
    }

    // Hits and changes come first where every processor is busy.
    private void Run()
    {
        SchedulingPriority.Lower(SchedulingPriority.KeyReads);
        var batch = new List<KeyRead>(KeyLoader.MostTogether);
        while (Take(batch) is { } environment)
        {
            try
            {
                Read(environment, batch);
            }
            catch (StorageException e)
            {
                batch.ForEach(read => read.Fail(e));
            }
            catch (Exception e)
            {
                // A row that cannot be decoded fails its own request, and no other request of the batch.
                if (batch.Count == 1)
                    batch[0].Fail(e);
                else
                    batch.ForEach(read => ReadAlone(environment, read));
            }

            batch.Clear();
        }
    }

    // Waits for reads of one environment, and marks them as sent. Returns null after disposal.
    private int? Take(List<KeyRead> batch)
    {
        lock (gate)
        {
            while (turns.Count == 0)
            {
                if (isOver)
                    return null;
                Monitor.Wait(gate);
            }

            var environment = turns.Dequeue();
            var line = lines[environment];
            do
            {
                var read = line.Dequeue();
                batch.Add(read);
                if (read.Digest is null)
                    break;
                open.Remove(read.Token);
                sent.Add(read.Token);
            }
            while (batch.Count < KeyLoader.MostTogether && line.TryPeek(out var next) && next.Digest is not null);
            if (line.Count > 0)
            {
                turns.Enqueue(environment);
                Monitor.Pulse(gate);
            }

            return environment;
        }
    }

    private void Read(int environment, List<KeyRead> batch)
    {
        if (batch[0].Digest is null)
        {
            Run(batch[0]);
            return;
        }

        LoadedKey?[] keys;
        try
        {
            reading?.Invoke();
            keys = store.Read(session => KeyLoader.Load(session, environment, batch.ConvertAll(static read => read.Digest!)));
        }
        finally
        {
            Ended(environment, batch);
        }

        for (var i = 0; i < keys.Length; i++)
            batch[i].Succeed(keys[i]);
    }

    private void Run(KeyRead read)
    {
        if (read.Job is { } job)
        {
            reading?.Invoke();
            store.ReadSnapshot(session =>
            {
                job(session);
                return true;
            });
        }
        else
        {
            read.Work!();
        }

        read.Succeed(null);
    }

    private void ReadAlone(int environment, KeyRead read)
    {
        try
        {
            read.Succeed(KeyLoader.Load(store, environment, read.Digest!));
        }
        catch (Exception e)
        {
            read.Fail(e);
        }
    }

    // Enqueues the reads of the same tokens that were opened meanwhile.
    private void Ended(int environment, List<KeyRead> batch)
    {
        lock (gate)
        {
            foreach (var read in batch)
            {
                sent.Remove(read.Token);
                if (open.TryGetValue(read.Token, out var next))
                    Enqueue(environment, next);
            }
        }
    }
}
