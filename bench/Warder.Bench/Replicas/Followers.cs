using Warder.Client;
using Warder.Client.Replicas;
using Warder.Core.Secrets;

namespace Warder.Bench.Replicas;

/// <summary>Replicas in this process, each on a stream of its own, that hold certain keys.</summary>
internal sealed class Followers : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Followers(string address, string authorization, int count, PresentedToken[] tokens)
    {
        All = [.. Enumerable.Range(0, count).Select(_ => new WarderVerifier(new WarderVerifierOptions
        {
            Nodes = [new Uri(address)], ManagementKey = authorization["Bearer ".Length..], Capacity = 2 * tokens.Length,
        }))];
        Task.WhenAll(All.Select(verifier => Task.Run(async () =>
        {
            await verifier.WaitUntilReadyAsync();
            var decisions = new KeyDecision[tokens.Length];
            await verifier.ValidateManyAsync(tokens, decisions);
            if (!Array.TrueForAll(decisions, static decision => decision.IsAllowed))
                throw new InvalidOperationException("A good key was not allowed.");
        }))).WaitAsync(Patience).GetAwaiter().GetResult();
    }

    public IReadOnlyList<WarderVerifier> All { get; }

    public void Dispose() => Task.WhenAll(All.Select(static verifier => verifier.DisposeAsync().AsTask())).GetAwaiter().GetResult();
}
