namespace Warder.Faults.Injection;

/// <summary>The targets of faults.</summary>
internal enum Victim
{
    /// <summary>A node.</summary>
    Node,

    /// <summary>A node's link to the database.</summary>
    Link,

    /// <summary>The database, and with it all nodes.</summary>
    Database,

    /// <summary>The spare node.</summary>
    Spare,

    /// <summary>A node with a clock that can be stepped.</summary>
    Clock,

    /// <summary>No process: hostile replicas run beside the load, and every process must serve.</summary>
    Attacked,

    /// <summary>An application, or its links to the nodes.</summary>
    Replica,

    /// <summary>The node that an application is connected to.</summary>
    Followed,

    /// <summary>An application and its node.</summary>
    ReplicaAndFollowed,

    /// <summary>An application with a clock that can be stepped.</summary>
    ReplicaClock,
}

/// <summary>The target of one fault.</summary>
/// <param name="Fleet">All processes.</param>
/// <param name="Node">The node; for a fault of an application, its node, if it has one.</param>
/// <param name="Replica">The application; null where the fault concerns none.</param>
internal sealed record FaultTarget(Fleet Fleet, Node Node, Replica? Replica);

/// <summary>One kind of fault, which lasts for a while.</summary>
/// <param name="Name">The name in the journal.</param>
/// <param name="Where">The kind of target.</param>
/// <param name="Inject">Causes the fault, waits, and mends it. It waits with the given delay, which ends early when the run does.</param>
/// <param name="Recovery">
/// The longest time that the target may take to serve again after the mend: the run does not check its availability until then. Null: the
/// target must serve throughout.
/// </param>
internal sealed record FaultKind(string Name, Victim Where, Action<FaultTarget, Random, Action<TimeSpan>> Inject, TimeSpan? Recovery)
{
    public static readonly FaultKind[] All = [.. NodeFaults.All, .. ReplicaFaults.All, .. AttackFaults.All];

    /// <summary>Whether this fault can apply to a fleet.</summary>
    public bool Fits(Fleet fleet) => Where switch
    {
        Victim.Link or Victim.Database => fleet.Postgres is not null,
        Victim.Spare => fleet.Spare is not null,
        Victim.Attacked => fleet.Hostile is not null,
        Victim.Clock => fleet.Regular[0].Clock is not null,
        Victim.ReplicaClock => fleet.Replicas.Count > 0 && fleet.Replicas[0].Clock is not null,
        // Under attack a key has its usual budget, which repeated losses of applications would use up.
        Victim.Replica or Victim.Followed or Victim.ReplicaAndFollowed => fleet.Replicas.Count > 0 && fleet.Hostile is null,
        _ => true,
    };

    /// <summary>Chooses the target in a fleet.</summary>
    public FaultTarget Choose(Fleet fleet, Random random)
    {
        if (Where == Victim.Spare)
            return new FaultTarget(fleet, fleet.Spare!, null);
        var node = fleet.Regular[random.Next(fleet.Regular.Count)];
        if (Where < Victim.Replica)
            return new FaultTarget(fleet, node, null);
        var replica = fleet.Replicas[random.Next(fleet.Replicas.Count)];
        return new FaultTarget(fleet, replica.Followed ?? node, replica);
    }

    /// <summary>The names of the targets, which no other fault may hit meanwhile.</summary>
    public IReadOnlyList<string> Places(FaultTarget it) => Where switch
    {
        Victim.Database => ["database"],
        Victim.Attacked => ["attackers"],
        Victim.Replica or Victim.ReplicaClock => [it.Replica!.Name],
        Victim.ReplicaAndFollowed => [it.Replica!.Name, it.Node.Name],
        _ => [it.Node.Name],
    };
}
