using System.Collections.Concurrent;
using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>
/// Makes changes on several threads, at any node, also while nodes are away. Each turn is one of three: issue keys that are to end once;
/// end such keys, now and then on two threads at once; or make a few changes of a cell in a row. When a change has returned, every verifier
/// validates all its targets at once. During some changes an application validates without a pause.
/// </summary>
internal sealed class Changers(
    IReadOnlyList<Node> nodes, Requests requests, Meter meter, Roster roster, ValidatorPool pool, Scene scene, Judgement judgement,
    double perSecond)
{
    private const int Hands = 16;
    private const int MostCells = 8, MaxEndingSubjects = 80;
    private const int MaxThreadsOnACell = 3, MostUnknown = 3, MostInARow = 4;
    private const int KeysOfAGroup = 6;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1.5), LongLinger = TimeSpan.FromSeconds(10),
        BeforeEnding = TimeSpan.FromSeconds(3),
        BeforeAnotherTry = TimeSpan.FromSeconds(0.3);

    private static readonly OperationKind[] Turns =
    [
        OperationKind.Suspend, OperationKind.Resume, OperationKind.NarrowKey, OperationKind.WidenKey, OperationKind.RotateAtOnce,
        OperationKind.RotateWithOverlap, OperationKind.NarrowRole,
        OperationKind.WidenRole, OperationKind.LowerRole, OperationKind.RaiseRole, OperationKind.Deactivate, OperationKind.Reactivate,
    ];

    private static readonly OperationKind[] Endings =
        [OperationKind.Revoke, OperationKind.Expire, OperationKind.Delete, OperationKind.DeleteMembership, OperationKind.DeleteUser,
            OperationKind.DeleteOrganization];

    private readonly Lock gate = new();
    private readonly Lock pacing = new();
    private readonly Pace pace = new(new Tempo(TimeSpan.FromSeconds(1 / perSecond)));
    private readonly PriorityQueue<EndingSubject, long> dying = new();
    private readonly List<Life> cells = [];
    private readonly List<Thread> threads = [];
    private int endings;
    private volatile bool stopping;

    /// <summary>Counts the outcomes of each kind of change.</summary>
    public ConcurrentDictionary<(string Kind, string Outcome), int> Counts { get; } = new();

    public void Start(int seed)
    {
        for (var i = 0; i < Hands; i++)
        {
            var random = new Random(HashCode.Combine(seed, i));
            threads.Add(new Thread(() => Run(random)) { Name = $"hand {i}", IsBackground = true });
            threads[^1].Start();
        }
    }

    /// <summary>Lets each thread finish its turn; the judgement then includes the living subjects.</summary>
    public void Stop()
    {
        stopping = true;
        threads.ForEach(thread => thread.Join());
        lock (gate)
        {
            cells.ForEach(life => judgement.Retire(life.Cell, TimeSpan.Zero));
            while (dying.TryDequeue(out var subject, out _))
                judgement.Retire(subject, TimeSpan.Zero);
        }
    }

    private void Run(Random random)
    {
        using var caller = new Caller(requests, meter);
        while (!stopping)
        {
            Action<Hand> turn;
            lock (pacing)
                pace.Wait();
            lock (gate)
                turn = Next(random);

            turn(new Hand(caller, random));
        }
    }

    private Action<Hand> Next(Random random)
    {
        var due = dying.TryPeek(out _, out var at) && at <= Stopwatch.GetTimestamp();
        if (due && random.Next(2) == 0)
        {
            var subject = dying.Dequeue();
            return hand => End(subject, hand);
        }

        if (random.Next(2) == 0 && dying.Count < MaxEndingSubjects)
            return Issue;
        var idle = cells.FindAll(life => life.Hands < MaxThreadsOnACell && !life.Ended);
        if (cells.Count < MostCells || idle.Count == 0)
        {
            var life = new Life(random.Next(20, 40));
            cells.Add(life);
            return hand => Found(life, hand);
        }

        var turned = idle[random.Next(idle.Count)];
        turned.Hands++;
        return hand => Turn(turned, hand);
    }

    private void Issue(Hand hand)
    {
        var count = hand.Random.Next(6) == 0 ? KeysOfAGroup : 1;
        if (scene.EndingSubject(Anywhere(hand, "issue"), count, pool.Count) is not { } subject)
            return;
        Show(subject.Targets);
        // Some end before any node has read them: the first look-up and the ending race each other.
        var delay = hand.Random.Next(3) == 0 ? TimeSpan.Zero : BeforeEnding * hand.Random.NextDouble();
        if (delay == TimeSpan.Zero)
        {
            pool.Validate(subject);
            End(subject, hand);
            return;
        }

        Enqueue(subject, delay);
    }

    private void End(EndingSubject subject, Hand hand)
    {
        // Now and then two threads end it at once, each in its own way.
        var second = hand.Random.Next(4) == 0 ? hand.Fork(requests, meter) : null;
        var other = second is null ? null : new Thread(() => EndOnce(subject, second));
        other?.Start();
        var ended = EndOnce(subject, hand);
        other?.Join();
        second?.Caller.Dispose();
        if (ended)
            judgement.Retire(subject, hand.Random.Next(4) == 0 ? LongLinger : Linger);
        else
            Enqueue(subject, BeforeAnotherTry);
    }

    private bool EndOnce(EndingSubject subject, Hand hand)
    {
        var reply = Make(subject, new Operation(subject.Ways[hand.Random.Next(subject.Ways.Length)]), hand);
        return reply.Succeeded || reply.IsGone;
    }

    private void Enqueue(EndingSubject subject, TimeSpan delay)
    {
        lock (gate)
            dying.Enqueue(subject, Stopwatch.GetTimestamp() + Meter.Ticks(delay));
    }

    private void Found(Life life, Hand hand)
    {
        var cell = scene.Cell(Anywhere(hand, "found a cell"), pool.Count);
        lock (gate)
        {
            if (cell is null)
                cells.Remove(life);
            else
                (life.Cell, life.Hands) = (cell, 0);
        }

        if (cell is not null)
            Show(cell.Targets);
    }

    private void Turn(Life life, Hand hand)
    {
        for (var i = hand.Random.Next(1, MostInARow + 1); i > 0 && !stopping && life.Left > 0; i--)
        {
            life.Left--;
            var reply = Make(life.Cell, Any(life.Cell, Turns, hand.Random), hand);
            if (reply.IsUnknown && ++life.Unknown >= MostUnknown)
                life.Left = 0;
        }

        lock (gate)
        {
            life.Hands--;
            if (life.Left > 0 || life.Ended)
                return;
            life.Ended = true;
            cells.Remove(life);
        }

        // The cell ends while other threads may still change it, and some changes come too late.
        Make(life.Cell, Ending(hand.Random), hand);
        Make(life.Cell, Any(life.Cell, Turns, hand.Random), hand);
        Make(life.Cell, Ending(hand.Random), hand);
        judgement.Retire(life.Cell, hand.Random.Next(4) == 0 ? LongLinger : Linger);
    }

    private Operation Ending(Random random) => new(Endings[Interlocked.Increment(ref endings) % Endings.Length], random.Next(2));

    private static Operation Any(Cell cell, OperationKind[] kinds, Random random)
    {
        var (kind, key) = (kinds[random.Next(kinds.Length)], random.Next(2));
        if (kind is not (OperationKind.RotateAtOnce or OperationKind.RotateWithOverlap))
            return new Operation(kind, key);
        var secret = cell.NextSecret(key);
        return secret < CellModel.MaxSecrets ? new Operation(kind, key, secret) : new Operation(OperationKind.Suspend, key);
    }

    private Reply Make(Subject subject, Operation operation, Hand hand)
    {
        var (method, path, body) = subject.CallOf(operation);
        var first = hand.Random.Next(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[(first + i) % nodes.Count];
            var call = subject.Begin(operation, node.Name);
            pool.Watch(subject, subject.Epoch + 1, hand.Random);
            var called = Stopwatch.GetTimestamp();
            var reply = hand.Caller.Call(node, method, path, body);
            if (reply.Succeeded)
                meter.Changed(called, reply.Returned);
            Enter(subject, call, operation, reply);
            if (reply.Status == Reply.NotSent)
                continue;
            Count($"{operation.Kind}", reply);
            return reply;
        }

        return new Reply(Reply.NotSent, default, 0);
    }

    private void Enter(Subject subject, Call call, Operation operation, Reply reply)
    {
        if (reply.IsUnknown)
        {
            subject.Lose(call, $"{reply}");
        }
        else if (reply.Succeeded || reply.IsGone)
        {
            subject.Return(call, operation with { Gone = reply.IsGone }, reply.Returned, $"{reply}");
            if (reply.Succeeded && subject is Cell && operation.Kind is OperationKind.RotateAtOnce or OperationKind.RotateWithOverlap)
                Show(Scene.Show(subject, operation.Key, operation.Secret, reply.Text("value"), pool.Count));
            pool.Validate(subject);
        }
        else
        {
            subject.Drop(call, $"{reply}");
        }
    }

    private void Show(IEnumerable<Target> targets)
    {
        foreach (var target in targets)
            roster.Add(target);
    }

    // Each call goes to another node, and to the next one when a node does not answer.
    private Func<string, string, object, Reply> Anywhere(Hand hand, string kind) => (method, path, body) =>
    {
        var first = hand.Random.Next(nodes.Count);
        var reply = new Reply(Reply.NotSent, default, 0);
        for (var i = 0; i < nodes.Count && reply.Status == Reply.NotSent; i++)
            reply = hand.Caller.Call(nodes[(first + i) % nodes.Count], method, path, body);
        if (reply.Status != Reply.NotSent)
            Count(kind, reply);
        return reply;
    };

    private void Count(string kind, Reply reply)
    {
        var outcome = reply switch
        {
            { Succeeded: true } => "done",
            { IsGone: true } => "gone",
            { Status: Reply.NoAnswer } => "no answer",
            { Status: >= 500 } => reply.ErrorCode.Length > 0 ? reply.ErrorCode : $"{reply.Status}",
            _ => "refused",
        };
        Counts.AddOrUpdate((kind, outcome), 1, (_, count) => count + 1);
    }

    private sealed record Hand(Caller Caller, Random Random)
    {
        public Hand Fork(Requests requests, Meter meter) => new(new Caller(requests, meter), new Random(Random.Next()));
    }

    /// <summary>Runs a cell's life. Several threads count without synchronization: the counts need not be exact.</summary>
    private sealed class Life(int left)
    {
        public Cell Cell { get; set; } = null!;

        public int Left { get; set; } = left;

        public int Unknown { get; set; }

        // Setting up the cell excludes all other changes.
        public int Hands { get; set; } = MaxThreadsOnACell;

        public bool Ended { get; set; }
    }
}
