using static Warder.Faults.Injection.Doing;

namespace Warder.Faults.Injection;

/// <summary>Faults of nodes and their database.</summary>
internal static class NodeFaults
{
    // TCP's timers find out that the cable is whole again, and double their waits while it is not; a database replays its log.
    private static readonly TimeSpan AfterCut = TimeSpan.FromSeconds(6), AfterDelay = TimeSpan.FromSeconds(3),
        AfterDatabase = TimeSpan.FromSeconds(6);

    public static readonly FaultKind[] All =
    [
        new("kill", Victim.Node, (it, random, wait) => Kill(it.Node, random, wait), AfterStart),
        new("leave and come back", Victim.Node, (it, random, wait) => Leave(it.Node, random, wait), AfterStart),
        new("pause within the lease", Victim.Node, (it, random, wait) => Pause(Within(random), wait, it.Node), AfterPause),
        new("pause beyond the lease", Victim.Node, (it, random, wait) => Pause(Beyond(random), wait, it.Node), AfterPause),
        new(
            "cut from the database, both ways", Victim.Link,
            (it, random, wait) => Cut(it.Node.Link!.Cut, Way.Both, random, wait), AfterCut),
        new("cut on the way to the database", Victim.Link, (it, random, wait) => Cut(it.Node.Link!.Cut, Way.There, random, wait), AfterCut),
        new(
            "cut on the way from the database", Victim.Link,
            (it, random, wait) => Cut(it.Node.Link!.Cut, Way.Back, random, wait), AfterCut),
        new("slow link", Victim.Link, (it, random, wait) =>
        {
            it.Node.Link!.DelayThere = it.Node.Link.DelayBack = TimeSpan.FromMilliseconds(random.Next(10, 400));
            wait(Between(random, 2, 6));
            it.Node.Link.DelayThere = it.Node.Link.DelayBack = TimeSpan.Zero;
        }, AfterDelay),
        new("slow acknowledgements", Victim.Link, (it, random, wait) =>
        {
            it.Node.Link!.DelayThere = TimeSpan.FromMilliseconds(random.Next(100, 2500));
            wait(Between(random, 2, 6));
            it.Node.Link.DelayThere = TimeSpan.Zero;
        }, AfterDelay),
        new("deaf to notifications", Victim.Link, (it, random, wait) =>
        {
            it.Node.Link!.IsDeaf = true;
            wait(Between(random, 2, 8));
            it.Node.Link.IsDeaf = false;
        }, null),
        new("all deaf to notifications", Victim.Database, (it, random, wait) =>
        {
            foreach (var node in it.Fleet.Nodes)
                node.Link!.IsDeaf = true;
            wait(Between(random, 2, 8));
            foreach (var node in it.Fleet.Nodes)
                node.Link!.IsDeaf = false;
        }, null),
        new(
            "database restarts", Victim.Database, (it, random, _) => it.Fleet.Postgres!.Restart(Signal.Interrupt, Between(random, 0, 2)),
            AfterDatabase),
        new(
            "database crashes", Victim.Database, (it, random, _) => it.Fleet.Postgres!.Restart(Signal.Quit, Between(random, 0, 4)),
            AfterDatabase),
        new("database stands still", Victim.Database, (it, random, wait) =>
        {
            it.Fleet.Postgres!.Pause();
            wait(Between(random, 0.2, 6));
            it.Fleet.Postgres.Continue();
        }, AfterDatabase),
        new("another node joins and leaves", Victim.Spare, (it, random, wait) =>
        {
            it.Node.Start();
            wait(Between(random, 2, 10));
            if (random.Next(2) == 0)
                it.Node.Stop();
            else
                it.Node.Kill();
        }, AfterStart),
        new("wall clock steps", Victim.Clock, (it, random, wait) =>
        {
            // The clock steps away and back again; never as far as the overlap of rotated secrets.
            it.Node.Clock!.Step(TimeSpan.FromSeconds(random.Next(-7200, 7200)));
            wait(Between(random, 1, 5));
            it.Node.Clock.Step(TimeSpan.FromSeconds(random.Next(-3, 4)));
        }, null),
    ];
}
