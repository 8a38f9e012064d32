using Warder.Client;
using Warder.Client.Replicas;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Mutants;

/// <summary>
/// The planted bug "lease-across-a-reconnect": a replica that has lost its connection trusts its old lease until it has another. The node
/// that gave the lease waits for it only until its end, and the next node has not given it.
/// </summary>
internal static class TrustingReplica
{
    private static readonly long Trust = (long)TimeSpan.FromMilliseconds(LeaseTerms.DefaultMilliseconds).TotalMicroseconds;

    public static WarderVerifier Make(WarderVerifierOptions options)
    {
        var lease = new Lease();
        var verifier = new WarderVerifier(options, Entropy.System, lease);
        var trusting = new Thread(() =>
        {
            for (; ; Thread.Sleep(1))
            {
                var health = verifier.Health;
                // A replica that has applied nothing never had a lease.
                if (health is { State: VerifierState.Disconnected, AppliedSequence: > 0 })
                    lease.Extend(Clock.BootMicroseconds() + Trust);
            }
        });
        trusting.IsBackground = true;
        trusting.Start();
        return verifier;
    }
}
