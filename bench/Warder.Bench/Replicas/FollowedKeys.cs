using System.Text;
using Warder.Bench.Data;
using Warder.Client;
using Warder.Client.Replicas;
using Warder.Core.Secrets;
using Warder.Server.Hosting;

namespace Warder.Bench.Replicas;

/// <summary>A server in this process, and a verifier that follows it and holds every one of its keys, as after a day of use.</summary>
internal sealed class FollowedKeys : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly WarderHost host;
    private readonly byte[] tokens;
    private readonly int tokenBytes;

    public FollowedKeys(KeyDatabase database, int count)
    {
        Presented = [.. File.ReadLines(database.TokensPath).Select(static token => new PresentedToken(new Plaintext(token)))];
        tokenBytes = Presented[0].Value.Reveal().Length;
        tokens = Encoding.ASCII.GetBytes(string.Concat(Presented.Select(static each => each.Value.Reveal())));
        host = WarderHost.StartAsync(new ServeOptions { DataDirectory = database.Folder, Listen = "http://127.0.0.1:0" }).GetAwaiter().GetResult();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Verifier = new WarderVerifier(new WarderVerifierOptions
        {
            Nodes = [new Uri(host.Address)], ManagementKey = new Plaintext(database.Authorization["Bearer ".Length..]), Capacity = count + 1, Preload = true,
        });
        Verifier.WaitUntilReadyAsync().WaitAsync(Patience).GetAwaiter().GetResult();
        // What is preloaded is known by its digest until it is used.
        for (var i = 0; i < count; i++)
        {
            if (!Verifier.TryValidate(Token(i), RequiredPermissions.None, out var decision) || !decision.Allow)
                throw new InvalidOperationException("A good key was not allowed from memory.");
        }

        BytesPerKey = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        // The collections may have taken longer than a lease.
        SpinWait.SpinUntil(() => Verifier.Health.State == VerifierState.Ready);
    }

    public WarderVerifier Verifier { get; }

    /// <summary>What the verifier takes in memory, by its keys.</summary>
    public double BytesPerKey { get; }

    /// <summary>About how many tokens the server was asked over its stream, as the server has counted them.</summary>
    public long QuestionsAtServer => host.Node.Counts.Questions;

    /// <summary>The tokens, as an application has them.</summary>
    public PresentedToken[] Presented { get; }

    public ReadOnlySpan<byte> Token(int index) => tokens.AsSpan(index * tokenBytes, tokenBytes);

    public void Dispose()
    {
        Verifier.DisposeAsync().AsTask().GetAwaiter().GetResult();
        host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
