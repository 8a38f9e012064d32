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
}

/// <summary>One way in which things go wrong, for a while.</summary>
/// <param name="Name">What it is called in the journal.</param>
/// <param name="Where">What it befalls.</param>
/// <param name="Befall">Makes it so, waits, and mends it. It waits with what it is given, which ends early when the run does.</param>
/// <param name="Recovery">
/// How long, after it is mended, what it befell may still take to serve again: so long, and while it lasts, its availability is not asked for. Null: it
/// must serve all the while.
/// </param>
internal sealed record FaultKind(string Name, Victim Where, Action<Fleet, Node, Random, Action<TimeSpan>> Befall, TimeSpan? Recovery)
{
    /// <summary>The leases under which nodes serve from memory.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    // A process that starts anew on a busy machine; a connection that finds out by TCP's own timers that the cable is whole again, which doubles its waits
    // while it is not; a database that replays its log.
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(3), AfterPause = TimeSpan.FromSeconds(3), AfterCut = TimeSpan.FromSeconds(6),
        AfterDelay = TimeSpan.FromSeconds(3), AfterDatabase = TimeSpan.FromSeconds(6);

    public static readonly FaultKind[] All =
    [
        new("kill", Victim.Node, (_, node, random, wait) =>
        {
            node.Kill();
            wait(Between(random, 0, 3));
            node.Start();
        }, AfterStart),
        new("leave and come back", Victim.Node, (_, node, random, wait) =>
        {
            node.Stop();
            wait(Between(random, 0, 3));
            node.Start();
        }, AfterStart),
        new("pause within the lease", Victim.Node, (_, node, random, wait) => Pause(node, Lease * (0.05 + (0.6 * random.NextDouble())), wait), AfterPause),
        new("pause beyond the lease", Victim.Node, (_, node, random, wait) => Pause(node, Lease * (1.1 + (2 * random.NextDouble())), wait), AfterPause),
        new("cut from the database, both ways", Victim.Link, (_, node, random, wait) => Cut(node, Way.Both, random, wait), AfterCut),
        new("cut on the way to the database", Victim.Link, (_, node, random, wait) => Cut(node, Way.ToDatabase, random, wait), AfterCut),
        new("cut on the way from the database", Victim.Link, (_, node, random, wait) => Cut(node, Way.FromDatabase, random, wait), AfterCut),
        new("slow link", Victim.Link, (_, node, random, wait) =>
        {
            node.Link!.DelayToDatabase = node.Link.DelayFromDatabase = TimeSpan.FromMilliseconds(random.Next(10, 400));
            wait(Between(random, 2, 6));
            node.Link.DelayToDatabase = node.Link.DelayFromDatabase = TimeSpan.Zero;
        }, AfterDelay),
        new("slow acknowledgements", Victim.Link, (_, node, random, wait) =>
        {
            node.Link!.DelayToDatabase = TimeSpan.FromMilliseconds(random.Next(100, 2500));
            wait(Between(random, 2, 6));
            node.Link.DelayToDatabase = TimeSpan.Zero;
        }, AfterDelay),
        new("deaf to notifications", Victim.Link, (_, node, random, wait) =>
        {
            node.Link!.IsDeaf = true;
            wait(Between(random, 2, 8));
            node.Link.IsDeaf = false;
        }, null),
        new("all deaf to notifications", Victim.Database, (fleet, _, random, wait) =>
        {
            foreach (var node in fleet.Nodes)
                node.Link!.IsDeaf = true;
            wait(Between(random, 2, 8));
            foreach (var node in fleet.Nodes)
                node.Link!.IsDeaf = false;
        }, null),
        new("database restarts", Victim.Database, (fleet, _, random, _) => fleet.Postgres!.Restart(Signal.Interrupt, Between(random, 0, 2)), AfterDatabase),
        new("database crashes", Victim.Database, (fleet, _, random, _) => fleet.Postgres!.Restart(Signal.Quit, Between(random, 0, 4)), AfterDatabase),
        new("database stands still", Victim.Database, (fleet, _, random, wait) =>
        {
            fleet.Postgres!.Pause();
            wait(Between(random, 0.2, 6));
            fleet.Postgres.Continue();
        }, AfterDatabase),
        new("another node joins and leaves", Victim.Spare, (_, spare, random, wait) =>
        {
            spare.Start();
            wait(Between(random, 2, 10));
            if (random.Next(2) == 0)
                spare.Stop();
            else
                spare.Kill();
        }, AfterStart),
        new("wall clock steps", Victim.Clock, (_, node, random, wait) =>
        {
            // There, and back again; never as far as an overlap of rotated secrets is long.
            node.Clock!.Step(TimeSpan.FromSeconds(random.Next(-7200, 7200)));
            wait(Between(random, 1, 5));
            node.Clock.Step(TimeSpan.FromSeconds(random.Next(-3, 4)));
        }, null),
    ];

    /// <summary>Whether it can befall this fleet.</summary>
    public bool Fits(Fleet fleet) => Where switch
    {
        Victim.Link or Victim.Database => fleet.Postgres is not null,
        Victim.Spare => fleet.Spare is not null,
        Victim.Clock => fleet.Regular[0].Clock is not null,
        _ => true,
    };

    private static void Pause(Node node, TimeSpan time, Action<TimeSpan> wait)
    {
        node.Pause();
        wait(time);
        node.Continue();
    }

    private static void Cut(Node node, Way way, Random random, Action<TimeSpan> wait)
    {
        node.Link!.Cut(way, true);
        wait(Between(random, 0.3, 6));
        node.Link.Cut(way, false);
    }

    private static TimeSpan Between(Random random, double from, double to) => TimeSpan.FromSeconds(from + ((to - from) * random.NextDouble()));
}
