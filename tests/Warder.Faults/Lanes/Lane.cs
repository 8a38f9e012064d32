using System.Diagnostics;
using System.Net.Sockets;

namespace Warder.Faults.Lanes;

/// <summary>
/// A connection to one verifier over which validations go out in batches, and the thread that hears the answers. A validator sends by
/// itself, at its pace, without end. A prober sends what those who make changes hand it, in their own threads, as soon as a change has
/// returned; and it does not wait for answers before it does: what was sent to a verifier while it stood still is the first that it answers
/// when it goes on.
/// </summary>
internal sealed class Lane : IDisposable
{
    // Longer than any verifier is made to stand still.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenConnects = TimeSpan.FromMilliseconds(20);

    private readonly int maxUnderWay;
    private readonly Dialect dialect;
    private readonly Meter meter;
    private readonly Roster? roster;
    private readonly Pace? pace;
    private readonly Lock sending = new();
    private readonly SemaphoreSlim underWay = new(0);
    private readonly List<Batch> asked = [];
    private readonly Stack<Batch> spare = new();
    private readonly Target[] next = new Target[Requests.MaxBatch];
    private readonly Thread thread;
    private Wire? wire;
    private int place;
    private int batches;
    private volatile bool stopping;

    private Lane(int number, Verifier verifier, Dialect dialect, Meter meter, Roster? roster, Pace? pace, int maxUnderWay)
    {
        (Number, Verifier, this.dialect, this.meter, this.roster, this.pace, this.maxUnderWay) = (number, verifier, dialect, meter, roster, pace, maxUnderWay);
        place = number * Requests.MaxBatch;
        thread = new Thread(Run) { Name = $"lane {number} to {verifier.Name}", IsBackground = true };
        thread.Start();
    }

    public int Number { get; }

    public Verifier Verifier { get; }

    /// <summary>The batch that was sent before all others that are under way.</summary>
    public Batch Oldest
    {
        get
        {
            lock (sending)
                return asked[0];
        }
    }

    /// <summary>Goes round a roster.</summary>
    public static Lane Validator(int number, Verifier verifier, Dialect dialect, Meter meter, Roster roster, Pace pace)
        => new(number, verifier, dialect, meter, roster, pace, maxUnderWay: 64);

    /// <summary>Asks what it is told to.</summary>
    /// <param name="number">Which lane it is.</param>
    /// <param name="verifier">To whom.</param>
    /// <param name="dialect">How to speak.</param>
    /// <param name="meter">Where answers are counted.</param>
    /// <param name="maxUnderWay">With how many batches unanswered it asks no more.</param>
    public static Lane Prober(int number, Verifier verifier, Dialect dialect, Meter meter, int maxUnderWay = 64)
        => new(number, verifier, dialect, meter, null, null, maxUnderWay);

    /// <summary>A batch that is under way, by its number.</summary>
    public Batch UnderWay(int number)
    {
        lock (sending)
            return asked.Find(batch => batch.Number == number) ?? throw new IOException($"{Verifier.Name} reports of {number}, which was not asked.");
    }

    /// <summary>Asks about targets, if there is a connection and not too much under way. By any thread.</summary>
    public void Ask(ReadOnlySpan<Target> targets, int? until = null)
    {
        lock (sending)
        {
            if (wire is not { } connection || asked.Count >= maxUnderWay || targets.IsEmpty)
                return;
            var batch = spare.TryPop(out var used) ? used : new Batch();
            batch.Fill(targets, until);
            batch.Number = ++batches;
            asked.Add(batch);
            try
            {
                dialect.Say(connection, batch);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The thread that listens finds the connection gone, and takes back what was asked.
                connection.Dispose();
                wire = null;
            }

            underWay.Release();
        }
    }

    public void Stop() => stopping = true;

    public void Dispose()
    {
        Stop();
        lock (sending)
            wire?.Dispose();
        underWay.Release();
        thread.Join();
        underWay.Dispose();
    }

    private void Run()
    {
        while (!stopping)
        {
            try
            {
                using var fresh = Wire.Connect(Verifier.Address, Patience);
                lock (sending)
                    wire = fresh;
                while (!stopping)
                    Turn(fresh);
            }
            catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
            {
                meter.Unanswered(Verifier, TakeBack());
                Thread.Sleep(BetweenConnects);
            }
        }

        TakeBack();
    }

    private void Turn(Wire connection)
    {
        if (roster is not null)
        {
            pace!.Wait();
            var count = roster.Next(ref place, next);
            Ask(next.AsSpan(0, count));
            if (count == 0)
                return;
        }

        underWay.Wait();
        if (stopping)
            return;
        if (dialect.Hear(connection, this) is not { } batch)
        {
            underWay.Release();
            return;
        }

        lock (sending)
            asked.Remove(batch);
        batch.Release();
        lock (sending)
            spare.Push(batch);
    }

    // What is under way will not be answered: how many validations that is.
    private int TakeBack()
    {
        var lost = 0;
        lock (sending)
        {
            wire = null;
            foreach (var batch in asked)
            {
                lost += batch.Targets.Length;
                batch.Release();
                spare.Push(batch);
            }

            asked.Clear();
            while (underWay.Wait(0))
            {
            }
        }

        return lost;
    }
}
