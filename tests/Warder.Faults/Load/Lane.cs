using System.Diagnostics;
using System.Net.Sockets;

namespace Warder.Faults.Load;

/// <summary>
/// A connection to one node over which validations go out in batches, and the thread that hears the answers. A validator sends by itself, at its pace, without
/// end. A prober sends what those who make changes hand it, in their own threads, as soon as a change has returned; and it does not wait for answers
/// before it does: what was sent to a node while it stood still is the first that it answers when it goes on.
/// </summary>
internal sealed class Lane : IDisposable
{
    // Longer than any node is made to stand still.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenConnects = TimeSpan.FromMilliseconds(20);
    private const int MaxUnderWay = 64;
    private const int MaxRequestBytes = 32 * 1024;

    private readonly Requests requests;
    private readonly Meter meter;
    private readonly Roster? roster;
    private readonly Pace? pace;
    private readonly Lock sending = new();
    private readonly SemaphoreSlim underWay = new(0);
    private readonly Queue<Batch> asked = new();
    private readonly Stack<Batch> spare = new();
    private readonly Target[] next = new Target[Requests.MaxBatch];
    private readonly Code[] codes = new Code[Requests.MaxBatch];
    private readonly byte[] request = new byte[MaxRequestBytes];
    private readonly Thread thread;
    private Wire? wire;
    private int place;
    private volatile bool stopping;

    /// <summary>A validator, when there is a roster to go round; a prober otherwise.</summary>
    public Lane(int number, Node node, Requests requests, Meter meter, Roster? roster, Pace? pace)
    {
        (Number, Node, this.requests, this.meter, this.roster, this.pace) = (number, node, requests, meter, roster, pace);
        place = number * Requests.MaxBatch;
        thread = new Thread(Run) { Name = $"lane {number} to {node.Name}", IsBackground = true };
        thread.Start();
    }

    public int Number { get; }

    public Node Node { get; }

    /// <summary>Asks about targets, if there is a connection and not too much under way. By any thread.</summary>
    public void Ask(ReadOnlySpan<Target> targets)
    {
        lock (sending)
        {
            if (wire is not { } connection || asked.Count >= MaxUnderWay || targets.IsEmpty)
                return;
            var batch = spare.TryPop(out var used) ? used : new Batch();
            batch.Fill(targets);
            var length = requests.Batch(targets, request);
            asked.Enqueue(batch);
            batch.Asked = Stopwatch.GetTimestamp();
            try
            {
                connection.Send(request.AsSpan(0, length));
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
                using var fresh = Wire.Connect(Node.Address, Patience);
                lock (sending)
                    wire = fresh;
                while (!stopping)
                    Turn(fresh);
            }
            catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
            {
                meter.Unanswered(Node, TakeBack());
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
        var (status, body) = connection.Receive();
        var answered = Stopwatch.GetTimestamp();
        Batch batch;
        lock (sending)
            batch = asked.Dequeue();
        Enter(batch, status, body.Span, answered);
        batch.Release();
        lock (sending)
            spare.Push(batch);
    }

    private void Enter(Batch batch, int status, ReadOnlySpan<byte> body, long answered)
    {
        var targets = batch.Targets;
        if (status == 503)
        {
            meter.Unavailable(Node, answered, targets.Length);
            return;
        }

        if (status != 200 || Requests.Codes(body, codes) != targets.Length)
        {
            meter.Odd($"A batch of {targets.Length} validations at {Node.Name}", status, body);
            return;
        }

        for (var i = 0; i < targets.Length; i++)
        {
            if (codes[i] != Code.Unavailable)
                targets[i].Enter(Number, Node.Name, batch.Epochs[i], codes[i], batch.Asked, answered);
        }

        meter.Answered(Node, answered, codes.AsSpan(0, targets.Length));
    }

    // What is under way will not be answered: how many validations that is.
    private int TakeBack()
    {
        var lost = 0;
        lock (sending)
        {
            wire = null;
            while (asked.TryDequeue(out var batch))
            {
                lost += batch.Targets.Length;
                batch.Release();
                spare.Push(batch);
            }

            while (underWay.Wait(0))
            {
            }
        }

        return lost;
    }

    /// <summary>Validations that go out in one request.</summary>
    private sealed class Batch
    {
        private readonly Target[] targets = new Target[Requests.MaxBatch];
        private int count;

        public ReadOnlySpan<Target> Targets => targets.AsSpan(0, count);

        public int[] Epochs { get; } = new int[Requests.MaxBatch];

        public long Asked { get; set; }

        public void Fill(ReadOnlySpan<Target> these)
        {
            these.CopyTo(targets);
            count = these.Length;
            for (var i = 0; i < count; i++)
                Epochs[i] = targets[i].Subject.Asking();
        }

        public void Release()
        {
            foreach (var target in Targets)
                target.Subject.Heard();
            Array.Clear(targets, 0, count);
            count = 0;
        }
    }
}
