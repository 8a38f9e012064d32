using Warder.Client;
using Warder.Client.Receipts;
using Warder.Contracts.Directory;
using Warder.Contracts.Events;
using Warder.Contracts.Keys;
using Warder.Contracts.Nodes;
using Warder.Contracts.Receipts;
using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Cli.Drills;

/// <summary>One round: the drill issues a key, uses it, revokes it, and continues to use it.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Through">The node that revoked it.</param>
/// <param name="CallMicroseconds">The duration of the revocation for its caller.</param>
/// <param name="ReturnedMicroseconds">The time at which it returned.</param>
/// <param name="Receipt">The receipt of the revocation; null when the server returned none.</param>
/// <param name="ReceiptProblem">The reason why the receipt does not verify; null: it verifies.</param>
/// <param name="Probes">The results of each verifier.</param>
internal sealed record DrillRound(
    string KeyId, string Through, long CallMicroseconds, long ReturnedMicroseconds, Receipt? Receipt, string? ReceiptProblem,
    IReadOnlyList<DrillProbe> Probes)
{
    /// <summary>The window of a verifier: for how long it allowed the key after the revocation had returned; zero if it did not.</summary>
    public long WindowMicroseconds(DrillProbe probe) => Math.Max(0, probe.LastAllowedMicroseconds - ReturnedMicroseconds);
}

/// <summary>
/// Measures the window of a revocation: issues a key, validates it at every verifier without a pause, and revokes it meanwhile. The window
/// is the time for which a verifier still allowed the key after the revocation had returned.
/// </summary>
/// <param name="nodes">The nodes, which revoke in turn.</param>
/// <param name="verifiers">The verifiers to test, with the nodes among them.</param>
internal sealed class RevocationDrill(IReadOnlyList<NodeVerifier> nodes, IReadOnlyList<DrillVerifier> verifiers)
{
    private const string Name = "Warder drill";
    // After the return, a correct verifier refuses the key at once. This time is enough to see one that is late.
    private static readonly TimeSpan TimeAfterReturn = TimeSpan.FromMilliseconds(250);
    // One round validates for longer than the default lease, so that it outlasts memory that a lease keeps valid.
    private static readonly TimeSpan LastRoundTimeAfterReturn = TimeSpan.FromMilliseconds(2_500);
    private static readonly TimeSpan RoundTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs the rounds, and deletes the organization that it created for their keys.</summary>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="done">Receives each completed round.</param>
    /// <param name="cancellation">Ends the drill early; it deletes the organization all the same.</param>
    /// <exception cref="WarderException">The management key lacks a right, or a node cannot be reached.</exception>
    /// <exception cref="TimeoutException">A verifier does not allow the new key, or does not answer.</exception>
    public async Task<List<DrillRound>> Run(int rounds, Action<DrillRound> done, CancellationToken cancellation)
    {
        var client = nodes[0].Client;
        var keys = await client.Receipts.GetKeySetAsync(cancellation);
        var request = new CreateOrganizationRequest { Name = Name };
        var organization = await client.Organizations.CreateAsync(request, cancellationToken: cancellation);
        try
        {
            var all = new List<DrillRound>();
            for (var round = 0; round < rounds; round++)
            {
                var minTimeAfterReturn = round == rounds - 1 ? LastRoundTimeAfterReturn : TimeAfterReturn;
                all.Add(await Round(organization.Id, nodes[round % nodes.Count], keys, minTimeAfterReturn, cancellation));
                done(all[^1]);
            }

            return all;
        }
        finally
        {
            await client.Organizations.DeleteAsync(organization.Id, CancellationToken.None);
        }
    }

    private async Task<DrillRound> Round(
        string organizationId, NodeVerifier through, JsonWebKeySet keys, TimeSpan minTimeAfterReturn, CancellationToken cancellation)
    {
        var request = new IssueKeyRequest { Name = Name };
        var issued = await through.Client.Keys.IssueForOrganizationAsync(organizationId, request, cancellationToken: cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(RoundTimeout);
        var probes = verifiers.Select(verifier => new DrillProbe(verifier, issued.Value, minTimeAfterReturn)).ToList();
        var running = Task.WhenAll(probes.Select(probe => Task.Run(() => probe.Run(limit.Token), CancellationToken.None)));
        try
        {
            await Task.WhenAll(probes.Select(probe => probe.FirstAllowed));
            var called = Clock.MonotonicMicroseconds();
            var revoked = await through.Client.Keys.RevokeAsync(issued.Key.Id, "drill", cancellation);
            var returned = Clock.MonotonicMicroseconds();
            probes.ForEach(probe => probe.RecordReturn(returned));
            await running;
            var problem = Verify(revoked.Receipt, issued.Key.Id, keys);
            return new DrillRound(issued.Key.Id, through.Name, returned - called, returned, revoked.Receipt, problem, probes);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException(Stuck(probes), e);
        }
        finally
        {
            await limit.CancelAsync();
            await running.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    // The receipt must be about this key's revocation, and name at least a server and the drill's replicas.
    private string? Verify(Receipt? shown, string keyId, JsonWebKeySet keys)
    {
        if (shown is null)
            return "it is missing";
        if (ReceiptVerification.Verify(shown.Jws ?? "", keys).Receipt is not { } receipt || receipt.Id != shown.Id)
            return "it does not verify";
        if (receipt.SubjectId != keyId || receipt.Type != EventTypes.ApiKeyRevoked)
            return "it is about another change";
        var replicas = receipt.Verifiers.Count(static line => line is { Kind: NodeKind.Replica, Name: ReplicaVerifier.ReplicaName });
        // A receipt has the lines of at most a hundred replicas, and the count of all.
        var namesReplicas = (receipt.Replicas?.Count ?? replicas) >= verifiers.OfType<ReplicaVerifier>().Count();
        return namesReplicas && receipt.Verifiers.Any(static line => line.Kind == NodeKind.Server)
            ? null
            : "it does not name every verifier of the drill";
    }

    private static string Stuck(List<DrillProbe> probes)
    {
        var stuck = probes.Find(static probe => !probe.FirstAllowed.IsCompletedSuccessfully)
            ?? probes.MinBy(static probe => probe.AnswersAfterReturn)!;
        var what = stuck.FirstAllowed.IsCompletedSuccessfully ? "did not continue to answer" : "did not allow a new key";
        return $"The {stuck.Verifier.Kind} {stuck.Verifier.Name} {what} within {RoundTimeout.TotalSeconds:0} s.";
    }
}
