namespace Warder.Faults.Lanes;

/// <summary>All lanes of a run, and how fast they are.</summary>
internal sealed class ValidatorPool : IDisposable
{
    private const int ValidatorsANode = 2;

    // A prober asks an application a few times, and not once, since its own validations stand in each other's way there.
    private const int RoundsOfAProbe = 10, RoundsAfterAWatch = 200, LeastRounds = 10, MostRounds = 5_000;

    // A round of a watch is as long as what it watches is much.
    private const int MostWatched = 6;

    // Validating without a pause takes a whole core: not through each change.
    private const int ChangesAWatch = 4;

    // What is planned for less time than there is gets done.
    private const double Haste = 1.25;

    // Often enough that a time in which nothing is answered is one in which nobody answers.
    private static readonly TimeSpan SlowestPace = TimeSpan.FromMilliseconds(50);

    private readonly List<Lane> validators = [], probers = [], watchers = [];
    private readonly Tempo ofNodes = new(SlowestPace), ofReplicas = new(SlowestPace);
    private readonly Rounds rounds = new(LeastRounds);
    private readonly int nodes;
    private readonly int replicas;
    private int turn;

    public ValidatorPool(Fleet fleet, Requests requests, Meter meter, Roster roster)
    {
        (nodes, replicas) = (fleet.Regular.Count, fleet.Replicas.Count);
        foreach (var node in fleet.Nodes)
        {
            Dialect Speak() => new NodeDialect(requests, meter);
            for (var i = 0; i < ValidatorsANode; i++)
                validators.Add(Lane.Validator(Count, node, Speak(), meter, roster, new Pace(ofNodes)));
            probers.Add(Lane.Prober(Count, node, Speak(), meter));
        }

        foreach (var replica in fleet.Replicas)
        {
            validators.Add(Lane.Validator(Count, replica, new ReplicaDialect(rounds, meter), meter, roster, new Pace(ofReplicas)));
            probers.Add(Lane.Prober(Count, replica, new ReplicaDialect(new Rounds(RoundsOfAProbe), meter), meter));
            watchers.Add(Lane.Prober(Count, replica, new ReplicaDialect(new Rounds(RoundsAfterAWatch), meter), meter, maxUnderWay: 1));
        }
    }

    /// <summary>How many lanes there are.</summary>
    public int Count => validators.Count + probers.Count + watchers.Count;

    /// <summary>Asks every verifier about all of a subject.</summary>
    public void Ask(Subject subject)
    {
        var targets = subject.Targets;
        var first = (int)((uint)Interlocked.Increment(ref turn) % probers.Count);
        for (var i = 0; i < probers.Count; i++)
            probers[(first + i) % probers.Count].Ask(targets.AsSpan(0, Math.Min(targets.Length, Requests.MaxBatch)));
    }

    /// <summary>Now and then: has an application validate some of a subject without a pause, until its epoch has come to one.</summary>
    public void Watch(Subject subject, int until, Random random)
    {
        if (watchers.Count == 0 || random.Next(ChangesAWatch) != 0)
            return;
        var targets = subject.Targets;
        random.Shuffle(targets);
        watchers[random.Next(watchers.Count)].Ask(targets.AsSpan(0, Math.Min(targets.Length, MostWatched)), until);
    }

    /// <summary>
    /// Sets how fast the validators are, by what they must do yet in the time that is left: in most of it, as they will be held up.
    /// </summary>
    public void Hurry(long left, long leftInReplicas, TimeSpan time)
    {
        var needed = left <= 0 ? SlowestPace : time / Haste * (nodes * ValidatorsANode * Requests.MaxBatch) / left;
        ofNodes.Interval = needed < TimeSpan.Zero ? TimeSpan.Zero : needed < SlowestPace ? needed : SlowestPace;
        if (replicas == 0)
            return;
        var batches = Math.Max(1, time / Haste / SlowestPace) * replicas;
        rounds.Count = (int)Math.Clamp(leftInReplicas / (batches * Requests.MaxBatch), LeastRounds, MostRounds);
    }

    public void Dispose()
    {
        foreach (var lane in (Lane[])[.. validators, .. probers, .. watchers])
            lane.Dispose();
    }
}
