using System.Net;
using Warder.Core.Rates;
using Warder.Core.Time;

namespace Warder.Server.Connections;

/// <summary>
/// The rates of requests: of management by key, of failed authentication by address. A validation with a good management key counts towards
/// neither.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RequestRates(ClientLimits limits)
{
    // A subject takes about 150 bytes.
    private const int Keys = 10_000;
    private const int Addresses = 50_000;
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly RateTable<string>? management = Table<string>(
        limits.ManagementRequestsPerSecond, ClientLimits.ManagementBurstSeconds, Keys);
    private readonly RateTable<UInt128>? failures = Table<UInt128>(
        limits.FailedAuthenticationsPerSecond, ClientLimits.FailureBurstSeconds, Addresses);
    private long refusedManagement;
    private long refusedFailures;

    /// <summary>The number of refused management requests.</summary>
    public long RefusedManagement => Volatile.Read(ref refusedManagement);

    /// <summary>The number of failed authentications that were answered 429.</summary>
    public long RefusedFailures => Volatile.Read(ref refusedFailures);

    /// <summary>Counts a management request of a key.</summary>
    /// <returns>The seconds to wait when the request is beyond the rate, else 0.</returns>
    public int TakeManagement(string managementKeyId)
        => management is null ? 0 : Seconds(management.Take(managementKeyId, Clock.MonotonicMicroseconds()), ref refusedManagement);

    /// <summary>Counts a failed authentication of an address.</summary>
    /// <returns>The seconds to wait when the request is beyond the rate, else 0.</returns>
    public int TakeFailure(IPAddress? address)
        => failures is null ? 0 : Seconds(failures.Take(ClientAddress.Number(address), Clock.MonotonicMicroseconds()), ref refusedFailures);

    /// <summary>Returns the seconds before a failed authentication of an address is within the rate. Counts only the refusal.</summary>
    public int WaitForFailure(IPAddress? address)
        => failures is null
            ? 0
            : Seconds(failures.WaitFor(ClientAddress.Number(address), Clock.MonotonicMicroseconds()), ref refusedFailures);

    private static RateTable<TSubject>? Table<TSubject>(int perSecond, int burstSeconds, int capacity)
        where TSubject : notnull
        => perSecond == 0
            ? null
            : new RateTable<TSubject>(new Rate(perSecond, (int)Math.Min((long)perSecond * burstSeconds, int.MaxValue)), capacity);

    private static int Seconds(long waitMicroseconds, ref long refused)
    {
        if (waitMicroseconds == 0)
            return 0;
        Interlocked.Increment(ref refused);
        return (int)((waitMicroseconds + MicrosecondsPerSecond - 1) / MicrosecondsPerSecond);
    }
}
