using Warder.Core.Leases;
using Warder.Core.Verification;
using Warder.Storage.Nodes;

namespace Warder.Engine.Nodes;

/// <summary>How a node takes part among several.</summary>
/// <param name="Name">What its operator calls it.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Terms">How long its leases last.</param>
/// <param name="PauseAllowanceMilliseconds">
/// By how much longer it waits for others' leases to be over: as long as the host of a virtual machine may stop all clocks of a guest at
/// once.
/// </param>
internal sealed record NodeOptions(string Name, string Version, LeaseTerms Terms, int PauseAllowanceMilliseconds)
{
    /// <summary>Within it, an application acknowledges from another region, or from a machine that is busy for a moment.</summary>
    public const int DefaultStallAllowanceMilliseconds = 100;

    /// <summary>Its feature level: another one than this version's only in a test.</summary>
    public int Level { get; init; } = FeatureLevel.Current;

    /// <summary>How much of each wait for a replica is an ordinary acknowledgement, and not charged.</summary>
    public int StallAllowanceMilliseconds { get; init; } = DefaultStallAllowanceMilliseconds;

    /// <summary>
    /// How long changes may wait in a minute for the replicas of one management key, by the id of an environment; under an empty id: in
    /// each other environment.
    /// </summary>
    public IReadOnlyDictionary<string, int> StallBudgets { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// The same, of one environment; by default, once for as long as a lease lasts for those who wait: an application that is lost costs no
    /// more.
    /// </summary>
    public int StallBudgetMilliseconds(string? environmentId)
        => environmentId is not null && StallBudgets.TryGetValue(environmentId, out var own) ? own
            : StallBudgets.TryGetValue("", out var all) ? all
            : (int)(Terms.WaiterMicroseconds / 1_000) + PauseAllowanceMilliseconds;

    /// <summary>What a process says of itself where it registers.</summary>
    public NodeRegistration Registration(string id, long epoch) => new(epoch, id, Name, Version, Terms.Milliseconds, Level);

    /// <summary>This machine's name, this program's version, and a lease of the usual length.</summary>
    public static NodeOptions Default { get; } = new(
        Environment.MachineName, typeof(NodeOptions).Assembly.GetName().Version?.ToString(3) ?? "", LeaseTerms.Default, PauseAllowanceMilliseconds: 0);
}
