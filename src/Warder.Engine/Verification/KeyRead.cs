using System.Runtime.InteropServices;
using Warder.Core.Verification;
using Warder.Storage;

namespace Warder.Engine.Verification;

/// <summary>A token of an environment, by its digest.</summary>
internal readonly record struct TokenKey(int Environment, UInt128 High, UInt128 Low)
{
    public static TokenKey Of(int environment, ReadOnlySpan<byte> digest)
        => new(environment, MemoryMarshal.Read<UInt128>(digest), MemoryMarshal.Read<UInt128>(digest[16..]));
}

/// <summary>A read, and the requests that wait for it. It has a digest, a job that reads, or work that reads nothing.</summary>
/// <remarks>Requests are added under the lock of <see cref="KeyReads"/>, until the read is sent.</remarks>
internal sealed class KeyRead
{
    private readonly List<ReadRequest> requests = new(1);

    public KeyRead(TokenKey token, byte[] digest) => (Token, Digest) = (token, digest);

    public KeyRead(Action<Session> job) => Job = job;

    public KeyRead(Action work) => Work = work;

    public TokenKey Token { get; }

    public byte[]? Digest { get; }

    public Action<Session>? Job { get; }

    public Action? Work { get; }

    /// <summary>The key that was read; null: there is none.</summary>
    public LoadedKey? Key { get; private set; }

    public void Add(ReadRequest request) => requests.Add(request);

    public void Succeed(LoadedKey? key)
    {
        Key = key;
        requests.ForEach(static request => request.EndOne(null));
    }

    public void Fail(Exception e) => requests.ForEach(request => request.EndOne(e));
}

/// <summary>
/// A request that waits for a number of reads. It ends with the last of them, also if one failed: a request that ended earlier would leave
/// its place in <see cref="MissGate"/> while its reads still wait, and their number would have no bound.
/// </summary>
internal sealed class ReadRequest(int count)
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = count;
    private Exception? failure;

    /// <summary>Completes when all reads have ended; fails with the failure of the first that failed.</summary>
    public Task Done => done.Task;

    /// <summary>Records the end of one read.</summary>
    public void EndOne(Exception? problem)
    {
        if (problem is not null)
            Interlocked.CompareExchange(ref failure, problem, null);
        if (Interlocked.Decrement(ref left) > 0)
            return;
        if (failure is { } first)
            done.TrySetException(first);
        else
            done.TrySetResult();
    }
}
