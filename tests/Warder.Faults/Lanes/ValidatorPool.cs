namespace Warder.Faults.Lanes;

/// <summary>Holds all lanes of a run, and sets their pace.</summary>
internal sealed class ValidatorPool : IDisposable
{
    private const int ValidatorsANode = 2;

    // A prober sends a few validations to an application, and not one, since the application's own validations delay each other there.
    private const int RoundsOfAProbe = 10, RoundsAfterAWatch = 200, LeastRounds = 10, MostRounds = 5_000;

    // The length of a watch's round grows with the number of targets.
    private const int MostWatched = 6;

    // Validating without a pause takes a whole core: not during every change.
    private const int ChangesAWatch = 4;

    // A plan for less than the remaining time gets done.
    private const double Haste = 1.25;

    // Often enough that a stretch without answers shows a verifier that does not answer.
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

    /// <summary>The number of lanes.</summary>
    public int Count => validators.Count + probers.Count + watchers.Count;

    /// <summary>Validates all targets of a subject at every verifier.</summary>
    public void Validate(Subject subject)
    {
        var targets = subject.Targets;
        var first = (int)((uint)Interlocked.Increment(ref turn) % probers.Count);
        for (var i = 0; i < probers.Count; i++)
            probers[(first + i) % probers.Count].Validate(targets.AsSpan(0, Math.Min(targets.Length, Requests.MaxBatch)));
    }

    /// <summary>
    /// Now and then, makes an application validate some targets of a subject without a pause, until the subject's epoch reaches a given
    /// one.
    /// </summary>
    public void Watch(Subject subject, int until, Random random)
    {
        if (watchers.Count == 0 || random.Next(ChangesAWatch) != 0)
            return;
        var targets = subject.Targets;
        random.Shuffle(targets);
        watchers[random.Next(watchers.Count)].Validate(targets.AsSpan(0, Math.Min(targets.Length, MostWatched)), until);
    }

    /// <summary>Sets the validators' pace from their remaining work and most of the remaining time, since faults delay them.</summary>
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
