using Warder.Faults.Attacks;
using static Warder.Faults.Injection.Doing;

namespace Warder.Faults.Injection;

/// <summary>
/// Hostile replicas, which hold a management key. Each node and each application must serve throughout: no recovery time is excused.
/// Attacks by a neighbour may not slow changes down; attacks by the own environment cost a key's budget, and then no more.
/// </summary>
internal static class AttackFaults
{
    /// <summary>The prefixes of the names of attacks: by keys of another environment, and by a key of the load's own.</summary>
    public const string ByNeighbour = "attack by a neighbour: ", FromWithin = "attack from within: ";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.5);

    private delegate Task Attack(Node node, HostileKeys keys, string key, CancellationToken ending);

    public static readonly FaultKind[] All =
    [
        new(
            ByNeighbour + "never acknowledges", Victim.Attacked,
            (it, random, wait) => Run(it, Between(random, 4, 8), wait, Attackers.NeverAcknowledge, false), null),
        new(
            ByNeighbour + "acknowledges late", Victim.Attacked,
            (it, random, wait) => Run(it, Between(random, 6, 10), wait, Attackers.AcknowledgeLate, false), null),
        new(
            ByNeighbour + "stops reading", Victim.Attacked,
            (it, random, wait) => Run(it, Between(random, 4, 8), wait, Attackers.StopReading, false), null),
        new(
            ByNeighbour + "requests large answers", Victim.Attacked,
            (it, random, wait) => Run(it, Between(random, 4, 8), wait, Attackers.RequestLargeAnswers, false), null),
        new(
            ByNeighbour + "connects again and again", Victim.Attacked,
            (it, random, wait) => Run(it, Between(random, 4, 8), wait, Attackers.ConnectAgain, false), null),
        new(
            FromWithin + "never acknowledges", Victim.Attacked,
            (it, random, wait) => Run(it, Between(random, 8, 12), wait, Attackers.NeverAcknowledge, true), null),
        new(
            FromWithin + "acknowledges late", Victim.Attacked,
            (it, random, wait) => Run(it, Between(random, 8, 12), wait, Attackers.AcknowledgeLate, true), null),
    ];

    // Each node has an attacker of its own. Meanwhile the run watches the nodes: none may be refused for the actions of its replicas.
    private static void Run(FaultTarget it, TimeSpan time, Action<TimeSpan> wait, Attack attack, bool within)
    {
        var keys = it.Fleet.Hostile!;
        using var ending = new CancellationTokenSource();
        var running = Task.WhenAll(
            it.Fleet.Regular.Select(node => Task.Run(() => attack(node, keys, within ? keys.Own : keys.Neighbour, ending.Token))));
        for (var left = time; left > TimeSpan.Zero; left -= BetweenLooks)
        {
            wait(BetweenLooks);
            it.Fleet.Sightings!.Look(it.Fleet);
        }

        ending.Cancel();
        running.Wait();
    }
}
