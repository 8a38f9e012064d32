using System.Diagnostics;
using System.Net.Sockets;

namespace Warder.Faults.Lanes;

/// <summary>
/// Sends validations to one verifier in batches over one connection, with a thread that receives the answers. A validator sends by itself,
/// at its pace, without end. A prober sends the batches of the changers, on their threads, as soon as a change has returned. It does not
/// wait for earlier answers, so that a verifier that stood still answers those batches first when it resumes.
/// </summary>
internal sealed class Lane : IDisposable
{
    // Longer than any verifier is stopped.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenConnects = TimeSpan.FromMilliseconds(20);

    private readonly int maxUnderWay;
    private readonly Dialect dialect;
    private readonly Meter meter;
    private readonly Roster? roster;
    private readonly Pace? pace;
    private readonly Lock sending = new();
    private readonly SemaphoreSlim underWay = new(0);
    private readonly List<Batch> inFlight = [];
    private readonly Stack<Batch> spare = new();
    private readonly Target[] next = new Target[Requests.MaxBatch];
    private readonly Thread thread;
    private Wire? wire;
    private int place;
    private int batches;
    private volatile bool stopping;

    private Lane(int number, Verifier verifier, Dialect dialect, Meter meter, Roster? roster, Pace? pace, int maxUnderWay)
    {
        (Number, Verifier, this.dialect, this.meter, this.roster, this.pace,
            this.maxUnderWay) = (number, verifier, dialect, meter, roster, pace, maxUnderWay);
        place = number * Requests.MaxBatch;
        thread = new Thread(Run) { Name = $"lane {number} to {verifier.Name}", IsBackground = true };
        thread.Start();
    }

    public int Number { get; }

    public Verifier Verifier { get; }

    /// <summary>The oldest batch in flight.</summary>
    public Batch Oldest
    {
        get
        {
            lock (sending)
                return inFlight[0];
        }
    }

    /// <summary>Creates a lane that traverses a roster.</summary>
    public static Lane Validator(int number, Verifier verifier, Dialect dialect, Meter meter, Roster roster, Pace pace)
        => new(number, verifier, dialect, meter, roster, pace, maxUnderWay: 64);

    /// <summary>Creates a lane that validates given targets.</summary>
    /// <param name="number">The lane's number.</param>
    /// <param name="verifier">The verifier.</param>
    /// <param name="dialect">The protocol.</param>
    /// <param name="meter">Counts the answers.</param>
    /// <param name="maxUnderWay">The number of unanswered batches at which the lane sends no more.</param>
    public static Lane Prober(int number, Verifier verifier, Dialect dialect, Meter meter, int maxUnderWay = 64)
        => new(number, verifier, dialect, meter, null, null, maxUnderWay);

    /// <summary>Finds a batch in flight by its number.</summary>
    public Batch UnderWay(int number)
    {
        lock (sending)
            return inFlight.Find(batch => batch.Number == number)
                ?? throw new IOException($"{Verifier.Name} reports on inquiry {number}, which is not in flight.");
    }

    /// <summary>Validates targets, if the connection is up and not too many batches are in flight. Any thread may call it.</summary>
    public void Validate(ReadOnlySpan<Target> targets, int? until = null)
    {
        lock (sending)
        {
            if (wire is not { } connection || inFlight.Count >= maxUnderWay || targets.IsEmpty)
                return;
            var batch = spare.TryPop(out var used) ? used : new Batch();
            batch.Fill(targets, until);
            batch.Number = ++batches;
            inFlight.Add(batch);
            try
            {
                dialect.Say(connection, batch);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The receiving thread finds the connection closed, and withdraws the batch.
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
            Validate(next.AsSpan(0, count));
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
            inFlight.Remove(batch);
        batch.Release();
        lock (sending)
            spare.Push(batch);
    }

    // Batches in flight will get no answer: returns their number of validations.
    private int TakeBack()
    {
        var lost = 0;
        lock (sending)
        {
            wire = null;
            foreach (var batch in inFlight)
            {
                lost += batch.Targets.Length;
                batch.Release();
                spare.Push(batch);
            }

            inFlight.Clear();
            while (underWay.Wait(0))
            {
            }
        }

        return lost;
    }
}
