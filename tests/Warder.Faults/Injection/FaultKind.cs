namespace Warder.Faults.Injection;

/// <summary>What can be befallen.</summary>
internal enum Victim
{
    /// <summary>A node.</summary>
    Node,

    /// <summary>A node's way to the database.</summary>
    Link,

    /// <summary>The database, and with it all nodes.</summary>
    Database,

    /// <summary>The node that is there now and then.</summary>
    Spare,

    /// <summary>A node whose clock can be stepped.</summary>
    Clock,

    /// <summary>No one: hostile replicas are beside the load, and everyone is to serve.</summary>
    Attacked,

    /// <summary>An application, or its way to the nodes.</summary>
    Replica,

    /// <summary>The node that an application is connected to.</summary>
    Followed,

    /// <summary>Both.</summary>
    ReplicaAndFollowed,

    /// <summary>An application whose clock can be stepped.</summary>
    ReplicaClock,
}

/// <summary>Whom it befalls this time.</summary>
/// <param name="Fleet">All there are.</param>
/// <param name="Node">The node; where it is about an application, the one that it is connected to, if it is.</param>
/// <param name="Replica">The application; null where it is about none.</param>
internal sealed record Befallen(Fleet Fleet, Node Node, Replica? Replica);

/// <summary>One way in which things go wrong, for a while.</summary>
/// <param name="Name">What it is called in the journal.</param>
/// <param name="Where">What it befalls.</param>
/// <param name="Befall">Makes it so, waits, and mends it. It waits with what it is given, which ends early when the run does.</param>
/// <param name="Recovery">
/// How long, after it is mended, what it befell may still take to serve again: so long, and while it lasts, its availability is not asked
/// for. Null: it must serve all the while.
/// </param>
internal sealed record FaultKind(string Name, Victim Where, Action<Befallen, Random, Action<TimeSpan>> Befall, TimeSpan? Recovery)
{
    public static readonly FaultKind[] All = [.. NodeFaults.All, .. ReplicaFaults.All, .. AttackFaults.All];

    /// <summary>Whether it can befall this fleet.</summary>
    public bool Fits(Fleet fleet) => Where switch
    {
        Victim.Link or Victim.Database => fleet.Postgres is not null,
        Victim.Spare => fleet.Spare is not null,
        Victim.Attacked => fleet.Hostile is not null,
        Victim.Clock => fleet.Regular[0].Clock is not null,
        Victim.ReplicaClock => fleet.Replicas.Count > 0 && fleet.Replicas[0].Clock is not null,
        // Beside attackers a key has its usual budget, which applications that are lost again and again would use up.
        Victim.Replica or Victim.Followed or Victim.ReplicaAndFollowed => fleet.Replicas.Count > 0 && fleet.Hostile is null,
        _ => true,
    };

    /// <summary>Whom of a fleet it is to befall.</summary>
    public Befallen Choose(Fleet fleet, Random random)
    {
        if (Where == Victim.Spare)
            return new Befallen(fleet, fleet.Spare!, null);
        var node = fleet.Regular[random.Next(fleet.Regular.Count)];
        if (Where < Victim.Replica)
            return new Befallen(fleet, node, null);
        var replica = fleet.Replicas[random.Next(fleet.Replicas.Count)];
        return new Befallen(fleet, replica.Followed ?? node, replica);
    }

    /// <summary>The names of what is befallen, which nothing else may befall meanwhile.</summary>
    public IReadOnlyList<string> Places(Befallen it) => Where switch
    {
        Victim.Database => ["database"],
        Victim.Attacked => ["attackers"],
        Victim.Replica or Victim.ReplicaClock => [it.Replica!.Name],
        Victim.ReplicaAndFollowed => [it.Replica!.Name, it.Node.Name],
        _ => [it.Node.Name],
    };
}
