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

/// <summary>One round: a key was issued, used, revoked, and tried on.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Through">The node that was told to revoke it.</param>
/// <param name="CallMicroseconds">How long the revocation took, as its caller saw it.</param>
/// <param name="ReturnedMicroseconds">When it returned.</param>
/// <param name="Receipt">What the server says of it.</param>
/// <param name="ReceiptProblem">Why the receipt does not verify; null: it does.</param>
/// <param name="Probes">What each verifier said.</param>
internal sealed record DrillRound(
    string KeyId, string Through, long CallMicroseconds, long ReturnedMicroseconds, Receipt? Receipt, string? ReceiptProblem, IReadOnlyList<DrillProbe> Probes)
{
    /// <summary>For how long after the revocation had returned a verifier still let the key in; zero when it did not.</summary>
    public long WindowMicroseconds(DrillProbe probe) => Math.Max(0, probe.LastAllowedMicroseconds - ReturnedMicroseconds);
}

/// <summary>
/// Measures whether revoked is revoked: issues a key, uses it through every verifier, revokes it while all of them are asked without a
/// pause, and asks on. The answer is the window: for how long after the revocation had returned somebody was still let in.
/// </summary>
/// <param name="nodes">The nodes; each is told to revoke in turn.</param>
/// <param name="verifiers">Whoever is asked: the nodes among them.</param>
internal sealed class RevocationDrill(IReadOnlyList<NodeVerifier> nodes, IReadOnlyList<DrillVerifier> verifiers)
{
    private const string Name = "Warder drill";
    // Far longer than any lease: what takes as long will not happen.
    private static readonly TimeSpan TimeAfterReturn = TimeSpan.FromMilliseconds(250);
    // Once at least for longer than what is remembered under a lease may be.
    private static readonly TimeSpan LastRoundTimeAfterReturn = TimeSpan.FromMilliseconds(2_500);
    private static readonly TimeSpan RoundTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Makes that many rounds, and takes away what it made.</summary>
    /// <param name="rounds">How many.</param>
    /// <param name="done">Told of each.</param>
    /// <param name="cancellation">Breaks it off; what was made is taken away all the same.</param>
    /// <exception cref="WarderException">The management key lacks a right, or a node cannot be reached.</exception>
    /// <exception cref="TimeoutException">A verifier does not let the key in, or does not answer.</exception>
    public async Task<List<DrillRound>> Run(int rounds, Action<DrillRound> done, CancellationToken cancellation)
    {
        var client = nodes[0].Client;
        var keys = await client.Receipts.GetKeySetAsync(cancellation);
        var organization = await client.Organizations.CreateAsync(new CreateOrganizationRequest { Name = Name }, cancellationToken: cancellation);
        try
        {
            var all = new List<DrillRound>();
            for (var round = 0; round < rounds; round++)
            {
                all.Add(await Round(organization.Id, nodes[round % nodes.Count], keys, round == rounds - 1 ? LastRoundTimeAfterReturn : TimeAfterReturn, cancellation));
                done(all[^1]);
            }

            return all;
        }
        finally
        {
            await client.Organizations.DeleteAsync(organization.Id, CancellationToken.None);
        }
    }

    private async Task<DrillRound> Round(string organizationId, NodeVerifier through, JsonWebKeySet keys, TimeSpan minTimeAfterReturn, CancellationToken cancellation)
    {
        var issued = await through.Client.Keys.IssueForOrganizationAsync(organizationId, new IssueKeyRequest { Name = Name }, cancellationToken: cancellation);
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

    // It must be about this key, and name at least those of whom is known here that they are verifiers.
    private string? Verify(Receipt? shown, string keyId, JsonWebKeySet keys)
    {
        if (shown is null)
            return "there is none";
        if (ReceiptVerification.Verify(shown.Jws ?? "", keys).Receipt is not { } receipt || receipt.Id != shown.Id)
            return "it does not verify";
        if (receipt.SubjectId != keyId || receipt.Type != EventTypes.ApiKeyRevoked)
            return "it is about something else";
        var replicas = receipt.Verifiers.Count(static line => line is { Kind: NodeKind.Replica, Name: ReplicaVerifier.ReplicaName });
        // A receipt shows a hundred; of the others it says how many there are.
        return (receipt.Replicas?.Count ?? replicas) >= verifiers.OfType<ReplicaVerifier>().Count() && receipt.Verifiers.Any(static line => line.Kind == NodeKind.Server)
            ? null
            : "it does not name every verifier that was asked";
    }

    private static string Stuck(List<DrillProbe> probes)
    {
        var stuck = probes.Find(static probe => !probe.FirstAllowed.IsCompletedSuccessfully) ?? probes.MinBy(static probe => probe.AnswersAfterReturn)!;
        var what = stuck.FirstAllowed.IsCompletedSuccessfully ? "did not answer any more" : "did not let a new key in";
        return $"The {stuck.Verifier.Kind} {stuck.Verifier.Name} {what} within {RoundTimeout.TotalSeconds:0} s.";
    }
}
