using System.Text;
using Warder.Bench.Data;
using Warder.Client;
using Warder.Client.Replicas;
using Warder.Core.Secrets;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;

namespace Warder.Bench.Replicas;

/// <summary>A server in this process, and a verifier that follows it and holds every one of its keys, as after a day of use.</summary>
internal sealed class FollowedKeys : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    private readonly WarderHost host;
    private readonly byte[] tokens;
    private readonly int tokenBytes;

    public FollowedKeys(KeyDatabase database, int count)
    {
        Presented = [.. File.ReadLines(database.TokensPath).Select(static token => new PresentedToken(new SecretString(token)))];
        tokenBytes = Presented[0].Value.Reveal().Length;
        tokens = new byte[count * tokenBytes];
        for (var i = 0; i < count; i++)
            Encoding.ASCII.GetBytes(Presented[i].Value.Reveal(), tokens.AsSpan(i * tokenBytes));
        host = WarderHost.StartAsync(new ServeOptions { DataDirectory = database.Folder, Listen = "http://127.0.0.1:0" }).GetAwaiter().GetResult();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Verifier = Follow(database, count);
        UseAll(count);
        BytesPerKey = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / count;
    }

    public WarderVerifier Verifier { get; }

    /// <summary>What the verifier takes in memory, by its keys.</summary>
    public double BytesPerKey { get; }

    /// <summary>About how many tokens the server was asked over its stream, as the server has counted them.</summary>
    public long QuestionsAtServer => host.Node.Counts.Questions;

    /// <summary>The tokens, as an application has them.</summary>
    public PresentedToken[] Presented { get; }

    public ReadOnlySpan<byte> Token(int index) => tokens.AsSpan(index * tokenBytes, tokenBytes);

    /// <summary>Waits until most of a lease is left.</summary>
    public void AwaitLease()
    {
        while (Verifier.Health.Lease < Enough)
            Thread.Sleep(1);
    }

    public void Dispose()
    {
        Verifier.DisposeAsync().AsTask().GetAwaiter().GetResult();
        host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private WarderVerifier Follow(KeyDatabase database, int count)
    {
        var verifier = new WarderVerifier(new WarderVerifierOptions
        {
            Nodes = [new Uri(host.Address)], ManagementKey = database.Authorization["Bearer ".Length..], Capacity = count + 1, Preload = true,
        });
        verifier.WaitUntilReadyAsync().WaitAsync(Patience).GetAwaiter().GetResult();
        return verifier;
    }

    // What is preloaded is known by its digest until it is used.
    private void UseAll(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 10_000 == 0)
                AwaitLease();
            if (!Verifier.TryValidate(Token(i), RequiredPermissions.None, out var decision) || !decision.IsAllowed)
                throw new InvalidOperationException("A good key was not allowed from memory.");
        }
    }
}
