using Warder.Core.Leases;
using Warder.Core.Verification;
using Warder.Storage.Nodes;

namespace Warder.Engine.Nodes;

/// <summary>The options of a node among several.</summary>
/// <param name="Name">The name that the operator gave the node.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Terms">The lengths of its leases.</param>
/// <param name="PauseAllowanceMilliseconds">
/// The time that the node adds to each wait for the end of another verifier's lease: the longest time for which the host of a virtual
/// machine may stop all clocks of a guest at once.
/// </param>
internal sealed record NodeOptions(string Name, string Version, LeaseTerms Terms, int PauseAllowanceMilliseconds)
{
    /// <summary>Covers an acknowledgement from another region, or from a machine that is busy for a moment.</summary>
    public const int DefaultStallAllowanceMilliseconds = 100;

    /// <summary>The node's feature level. Differs from this version's level only in tests.</summary>
    public int Level { get; init; } = FeatureLevel.Current;

    /// <summary>Whether the watermark is written before an ending is answered.</summary>
    public bool HasSyncedWatermark { get; init; }

    /// <summary>The part of each wait for a replica that an ordinary acknowledgement takes, and that is not charged.</summary>
    public int StallAllowanceMilliseconds { get; init; } = DefaultStallAllowanceMilliseconds;

    /// <summary>
    /// The time that changes may wait in a minute for the replicas of one management key, by the id of an environment. The entry under an
    /// empty id applies to each other environment.
    /// </summary>
    public IReadOnlyDictionary<string, int> StallBudgets { get; init; } = new Dictionary<string, int>();

    /// <summary>Returns the stall budget of one environment.</summary>
    /// <remarks>
    /// The default is a waiter's lease length and the pause allowance, so that one lost application stays within its budget.
    /// </remarks>
    public int StallBudgetMilliseconds(string? environmentId)
        => environmentId is not null && StallBudgets.TryGetValue(environmentId, out var own) ? own
            : StallBudgets.TryGetValue("", out var all) ? all
            : (int)(Terms.WaiterMicroseconds / 1_000) + PauseAllowanceMilliseconds;

    /// <summary>Returns the entry that a process registers.</summary>
    public NodeRegistration Registration(string id, long epoch) => new(epoch, id, Name, Version, Terms.Milliseconds, Level);

    /// <summary>This machine's name, this program's version, and a lease of the usual length.</summary>
    public static NodeOptions Default { get; } = new(
        Environment.MachineName, typeof(NodeOptions).Assembly.GetName().Version?.ToString(3) ?? "", LeaseTerms.Default,
        PauseAllowanceMilliseconds: 0);
}
