using System.Security.Cryptography;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Storage;
using Warder.Storage.Verification;

namespace Warder.Engine.Verification;

/// <summary>Answers validations: from memory on a hit, from one read of the store on a miss.</summary>
internal sealed class Validator : IDisposable
{
    private readonly Store store;
    private readonly MemoryDecider memory;
    private readonly Clock clock;
    private readonly DecisionCounts counts;
    private readonly Func<LoadedKey, LoadedKey>? loading;

    public Validator(Store store, MemoryDecider memory, Clock clock, DecisionCounts counts, FaultHooks interference)
    {
        (this.store, this.memory, this.clock, this.counts, loading) = (store, memory, clock, counts, interference.Loaded);
        Misses = new MissGate(interference.MostMissWait);
        Reads = new KeyReads(store, interference.Reading);
    }

    /// <summary>Admits requests that memory does not answer to the reads of the store.</summary>
    public MissGate Misses { get; }

    /// <summary>The reads of the store.</summary>
    public KeyReads Reads { get; }

    /// <summary>Validates a token for an environment, and reads on the calling thread. For infrequent callers.</summary>
    /// <param name="token">The presented token.</param>
    /// <param name="environment">The environment of the caller.</param>
    /// <param name="permissions">The requested permissions, in the form of <see cref="ValidationRequest.Permissions"/>.</param>
    /// <exception cref="StorageException">The key is not in memory, and the store cannot be read.</exception>
    public Decision Validate(ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions)
    {
        if (!TryDecide(token, environment, permissions, 0, out var decision))
            decision = DecideRead(
                token, environment, permissions, 0, Loaded(KeyLoader.Load(store, environment.Number, SHA256.HashData(token))));
        counts.Count(decision.Code);
        return decision;
    }

    /// <summary>Validates a token of a request.</summary>
    /// <param name="token">The presented token.</param>
    /// <param name="environment">The environment of the caller, as it was after the request was authenticated.</param>
    /// <param name="permissions">The requested permissions, in the form of <see cref="ValidationRequest.Permissions"/>.</param>
    /// <param name="atLeast">
    /// An event that the state must include; 0: none. Where the log does not have the event, and only there, the decision is
    /// <see cref="DecisionCode.Unavailable"/>.
    /// </param>
    /// <param name="misses">The request's misses. Decisions count with <see cref="Count"/>.</param>
    /// <param name="decision">The decision.</param>
    /// <returns>False: the token must be read first, and is now among the misses.</returns>
    /// <exception cref="StorageException">The key is not in memory, and the store cannot be read.</exception>
    public bool TryValidate(
        ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast, ref RequestMisses misses,
        out Decision decision)
    {
        if (!TryDecide(token, environment, permissions, atLeast, out decision)
            && !TryDecideMissed(token, environment, permissions, atLeast, ref misses, out decision))
            return false;
        misses.Decided(decision.Code);
        return true;
    }

    /// <summary>Counts the decisions of a request that is answered.</summary>
    public void Count(in RequestMisses misses) => misses.CountIn(counts);

    /// <summary>Reads all misses of a request, without holding a thread. The request must have a place in <see cref="Misses"/>.</summary>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public async Task ReadAsync(EnvironmentState environment, IReadOnlyList<Miss> misses)
    {
        var behind = misses.ToLookup(miss => memory.IsBehind(miss.AtLeast));
        await Task.WhenAll([
            ReadCurrentAsync(environment, [.. behind[false]]), .. behind[true].Select(miss => ReadAsOfAsync(environment, miss))]);
    }

    /// <summary>
    /// Validates a token for a replica, which counts the decision itself. The caller must have a place in <see cref="Misses"/>.
    /// </summary>
    /// <exception cref="StorageException">The key is not in memory, and the store cannot be read.</exception>
    public async Task<Decision> ValidateForAsync(byte[] token, EnvironmentState environment, byte[] permissions, long atLeast)
    {
        if (TryDecide(token, environment, permissions, atLeast, out var decision))
            return decision;
        var found = await FindAsync(new Miss(token, SHA256.HashData(token), atLeast), environment);
        return DecideRead(token, environment, permissions, atLeast, found);
    }

    /// <summary>
    /// Reads a token's key for a replica that decides itself: the key, or the code if there is none. The state includes an event, as for
    /// <see cref="TryValidate"/>. The caller must have a place in <see cref="Misses"/>.
    /// </summary>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public async Task<(DecisionCode Code, LoadedKey? Key)> ReadAsync(byte[] token, EnvironmentState environment, long atLeast)
    {
        if (!memory.IsBehind(atLeast) && environment.Forms.Refuse(token) is { } code)
            return (code, null);
        var read = await FindAsync(new Miss(token, SHA256.HashData(token), atLeast), environment);
        // If the environment of a key requires a higher level than this node's, the node does not know every input of a decision. It
        // returns no part of the key.
        return read.Key is { } key && !memory.Cache.Knows(key) ? (DecisionCode.Unavailable, null) : read;
    }

    /// <summary>Ends the reads.</summary>
    public void Dispose() => Reads.Dispose();

    // Decides from memory, or without a read where no key can have such a token. The formats of the environment were read when the request
    // was authenticated, under a lease or from the store. Without a lease now, they are no older than the request.
    private bool TryDecide(
        ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast, out Decision decision)
    {
        if (memory.TryDecide(new NodeView(clock, environment), token, permissions, atLeast, out decision))
            return true;
        if (memory.IsBehind(atLeast) || environment.Forms.Refuse(token) is not { } code)
            return false;
        decision = Decision.Deny(code);
        return true;
    }

    // Decides from the read that was made for this request, or from a read on this thread.
    private bool TryDecideMissed(
        ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast, ref RequestMisses misses,
        out Decision decision)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, digest);
        decision = default;
        if (misses.Find(digest, atLeast) is not { } miss)
        {
            miss = new Miss(token.ToArray(), digest.ToArray(), atLeast);
            if (misses.ReadsApart || !TryReadHere(miss, environment))
            {
                misses.Add(miss);
                return false;
            }
        }

        if (miss.Found is not { } found)
            return false;
        decision = DecideRead(token, environment, permissions, atLeast, found);
        return true;
    }

    private bool TryReadHere(Miss miss, EnvironmentState environment)
    {
        if (memory.IsBehind(miss.AtLeast) || !Misses.TryEnter(environment.Number))
            return false;
        try
        {
            if (!Reads.TryReadHere(environment.Number, miss.Digest, out var key))
                return false;
            miss.Found = Loaded(key);
            return true;
        }
        finally
        {
            Misses.Leave(environment.Number);
        }
    }

    private async Task<(DecisionCode Code, LoadedKey? Key)> FindAsync(Miss miss, EnvironmentState environment)
    {
        await (memory.IsBehind(miss.AtLeast) ? ReadAsOfAsync(environment, miss) : ReadCurrentAsync(environment, [miss]));
        return miss.Found!.Value;
    }

    private async Task ReadCurrentAsync(EnvironmentState environment, Miss[] misses)
    {
        var keys = await Reads.LoadAsync(environment.Number, Array.ConvertAll(misses, static miss => miss.Digest));
        for (var i = 0; i < keys.Length; i++)
            misses[i].Found = Loaded(keys[i]);
    }

    private async Task ReadAsOfAsync(EnvironmentState environment, Miss miss)
        => miss.Found = await Reads.RunAsync(environment.Number, session => FindAsOf(session, miss, environment.Number));

    // One snapshot that includes the event supplies the environment too: memory may lack a new import scheme as well.
    private static (DecisionCode Code, LoadedKey? Key) FindAsOf(Session session, Miss miss, int environment)
    {
        if (Log.Head(session).Sequence < miss.AtLeast)
            return (DecisionCode.Unavailable, null);
        return EnvironmentState.ReadForms(session, environment).Refuse(miss.Token) is { } code
            ? (code, null)
            : (DecisionCode.NotFound, KeyLoader.Load(session, environment, miss.Digest));
    }

    private (DecisionCode Code, LoadedKey? Key) Loaded(LoadedKey? key)
        => (DecisionCode.NotFound, key is null || loading is null ? key : loading(key));

    private Decision DecideRead(
        ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast,
        (DecisionCode Code, LoadedKey? Key) read)
        => read.Key is { } key
            ? memory.Decide(new NodeView(clock, environment), token, key, permissions, atLeast)
            : Decision.Deny(read.Code);

    private readonly struct NodeView(Clock clock, EnvironmentState environment) : IMemoryView
    {
        public static bool NeedsBootClock => false;

        public int Environment => environment.Number;

        public AcceptedTokenFormats? Formats => environment.Forms;

        public Instant Now(long bootMicroseconds) => clock.Now();
    }
}
