using static Warder.Faults.Injection.Doing;

namespace Warder.Faults.Injection;

/// <summary>Faults of applications, and of their links to nodes.</summary>
internal static class ReplicaFaults
{
    // As for a node's link: TCP's timers find out that the cable is whole again.
    private static readonly TimeSpan AfterCut = TimeSpan.FromSeconds(6), AfterMove = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HourSlow = TimeSpan.FromHours(-1);

    public static readonly FaultKind[] All =
    [
        new("replica: kill", Victim.Replica, (it, random, wait) => Kill(it.Replica!, random, wait), AfterStart),
        new("replica: leave and come back", Victim.Replica, (it, random, wait) => Leave(it.Replica!, random, wait), AfterStart),
        new("replica: pause within the lease", Victim.Replica, (it, random, wait) => Pause(Within(random), wait, it.Replica!), AfterPause),
        new("replica: pause beyond the lease", Victim.Replica, (it, random, wait) => Pause(Beyond(random), wait, it.Replica!), AfterPause),
        new("replica: pause of its node", Victim.Followed, (it, random, wait) => Pause(Beyond(random), wait, it.Node), AfterPause),
        new(
            "replica: pause with its node", Victim.ReplicaAndFollowed,
            (it, random, wait) => Pause(Either(random), wait, InAnyOrder(random, it.Node, it.Replica!)), AfterPause),
        new("replica: stream cut, both ways", Victim.Replica, (it, random, wait) => Cut(it.Replica!.Cut, Way.Both, random, wait), AfterCut),
        new(
            "replica: stream cut on the way to the node", Victim.Replica,
            (it, random, wait) => Cut(it.Replica!.Cut, Way.There, random, wait), AfterCut),
        new(
            "replica: stream cut on the way from the node", Victim.Replica,
            (it, random, wait) => Cut(it.Replica!.Cut, Way.Back, random, wait), AfterCut),
        new("replica: stream breaks again and again", Victim.Replica, (it, random, wait) => Repeat(random, wait, () =>
        {
            foreach (var route in it.Replica!.Routes)
                route.Break();
        }), AfterMove),
        new("replica: slow stream", Victim.Replica, (it, random, wait) =>
        {
            // Acknowledgements may be later than the length of a lease.
            var (there, back) = (TimeSpan.FromMilliseconds(random.Next(10, 2500)), TimeSpan.FromMilliseconds(random.Next(10, 400)));
            Delay(it.Replica!, there, back);
            wait(Between(random, 2, 6));
            Delay(it.Replica!, TimeSpan.Zero, TimeSpan.Zero);
        }, AfterMove),
        new("replica: moves from node to node", Victim.Replica, (it, random, wait) =>
        {
            Repeat(random, wait, () =>
            {
                // The application's current node refuses connections, until the next turn.
                foreach (var route in it.Replica!.Routes)
                {
                    route.IsClosed = route.IsInUse;
                    route.Break();
                }
            });
            foreach (var route in it.Replica!.Routes)
                route.IsClosed = false;
        }, AfterMove),
        new("replica: nodes change places", Victim.Replica, (it, random, wait) => Repeat(random, wait, it.Replica!.Shift), AfterMove),
        new("replica: wall clock an hour slow", Victim.ReplicaClock, (it, random, wait) =>
        {
            it.Replica!.Clock!.Step(HourSlow);
            wait(Between(random, 1, 5));
            it.Replica.Clock.Step(TimeSpan.Zero);
        }, null),
    ];

    private static TimeSpan Either(Random random) => random.Next(2) == 0 ? Within(random) : Beyond(random);

    private static Verifier[] InAnyOrder(Random random, params Verifier[] verifiers)
    {
        random.Shuffle(verifiers);
        return verifiers;
    }

    private static void Repeat(Random random, Action<TimeSpan> wait, Action action)
    {
        for (var left = random.Next(2, 9); left > 0; left--)
        {
            action();
            wait(Between(random, 0.02, 1));
        }
    }

    private static void Delay(Replica replica, TimeSpan there, TimeSpan back)
    {
        foreach (var route in replica.Routes)
            (route.DelayThere, route.DelayBack) = (there, back);
    }
}
