using Warder.Engine.Management;


namespace Warder.Engine.Streams;

/// <summary>
/// The resources that replicas may hold of a node: places for connections, and bytes that are received and unprocessed, or composed and
/// unsent. Counts the refusals.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StreamQuota
{
    private readonly long[] refusedPlaces = new long[Enum.GetValues<ShareBound>().Length];
    private long closedOverBytes;
    private long closedByPolicy;
    private long refusedUses;

    /// <summary>Connections. An environment without one may use the reserve.</summary>
    public NodeShare Places { get; } = new(StreamLimits.ReplicasPerNode, StreamLimits.ReplicasPerManagementKey, floor: 1);

    /// <summary>Bytes. An environment that holds no more than one connection's may use the reserve.</summary>
    public NodeShare Bytes { get; } = new(
        StreamLimits.StreamBytesPerNode, StreamLimits.StreamBytesPerManagementKey, floor: StreamLimits.StreamBytesPerConnection);

    /// <summary>The number of connections closed because their bytes exceeded a bound.</summary>
    public long ClosedOverBytes => Volatile.Read(ref closedOverBytes);

    /// <summary>The number of connections closed because of a message that the protocol does not have.</summary>
    public long ClosedByPolicy => Volatile.Read(ref closedByPolicy);

    /// <summary>The number of reported uses without the proof that the key was sent to the reporter's management key.</summary>
    public long RefusedUses => Volatile.Read(ref refusedUses);

    /// <summary>Returns the number of connections that a bound refused.</summary>
    public long RefusedPlaces(ShareBound bound) => Volatile.Read(ref refusedPlaces[(int)bound]);

    /// <summary>Takes a place for a connection of a management key.</summary>
    /// <returns>The exceeded bound; none when the place was taken.</returns>
    public ShareBound TryEnter(Caller caller)
    {
        var bound = Places.TryTake(caller.ManagementKeyId!, caller.Environment, 1);
        if (bound != ShareBound.None)
            Interlocked.Increment(ref refusedPlaces[(int)bound]);
        return bound;
    }

    /// <summary>Releases the place of a connection.</summary>
    public void Leave(Caller caller) => Places.Return(caller.ManagementKeyId!, caller.Environment, 1);

    /// <summary>Takes bytes for an answer that can wait: the streams keep half of each bound.</summary>
    /// <returns>The exceeded bound; none when the bytes were taken.</returns>
    public ShareBound TryReserve(Caller caller, int bytes) => Bytes.TryTake(caller.ManagementKeyId!, caller.Environment, bytes, part: 2);

    /// <summary>
    /// Determines whether a management key may hold a lease for another replica. A running lease is never removed to make room, because
    /// changes wait for it: a key that uses a new identity each time is refused.
    /// </summary>
    /// <param name="caller">The management key.</param>
    /// <param name="identities">The identities of all leases, as streams form them.</param>
    /// <param name="ofEnvironment">The number of them in the key's environment.</param>
    public bool HasRoomForLease(Caller caller, IReadOnlyCollection<string> identities, int ofEnvironment)
    {
        var own = caller.ManagementKeyId + " ";
        var ofKey = identities.Count(identity => identity.StartsWith(own, StringComparison.Ordinal));
        return Places.Exceeded(ofKey, ofEnvironment, identities.Count, 1) == ShareBound.None;
    }

    /// <summary>Counts a connection that was closed because its bytes exceeded a bound.</summary>
    public void CountOverBytes() => Interlocked.Increment(ref closedOverBytes);

    /// <summary>Counts a connection that was closed because of a message that the protocol does not have.</summary>
    public void CountPolicy() => Interlocked.Increment(ref closedByPolicy);

    /// <summary>Counts reported uses that were refused.</summary>
    public void CountRefusedUses(int uses) => Interlocked.Add(ref refusedUses, uses);
}
