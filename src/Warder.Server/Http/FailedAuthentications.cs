using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Engine.Management;
using Warder.Server.Connections;

namespace Warder.Server.Http;

/// <summary>
/// Logs requests without a good management key: the first failure of an address at once, and then a line a minute with their number. A line
/// never contains the key.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class FailedAuthentications(ILogger<FailedAuthentications> logger) : IDisposable
{
    private const long PeriodMicroseconds = 60_000_000;
    private const int FlushMilliseconds = 10_000;

    // Failures of further addresses are counted together, so that a flood of addresses takes no more memory.
    private const int MostAddresses = 1_000;
    private const string Others = "further addresses";

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, Failures> byAddress = [];
    private readonly Failures others = new() { Address = Others };
    private Timer? timer;

    /// <summary>Counts a failure, and logs it when a line is due.</summary>
    public void Note(HttpContext http, IPAddress? address)
    {
        var now = Clock.MonotonicMicroseconds();
        var number = ClientAddress.Number(address);
        string source;
        long count;
        lock (gate)
        {
            timer ??= new Timer(static state => ((FailedAuthentications)state!).Flush(), this, FlushMilliseconds, FlushMilliseconds);
            if (!byAddress.TryGetValue(number, out var failures))
            {
                failures = byAddress.Count < MostAddresses ? byAddress[number] = new Failures() : others;
            }

            if (failures != others)
                failures.Address = address?.ToString() ?? "an unknown address";
            failures.Count++;
            if (!failures.IsDue(now))
                return;
            (source, count) = (failures.Address, failures.Take(now));
        }

        LogFailed(count, source, ReasonOf(http.Request.Headers.Authorization), RequestId.Of(http));
    }

    public void Dispose()
    {
        timer?.Dispose();
        Flush(all: true);
    }

    private void Flush() => Flush(all: false);

    private void Flush(bool all)
    {
        var now = Clock.MonotonicMicroseconds();
        List<(string Address, long Count)> due = [];
        lock (gate)
        {
            foreach (var (number, failures) in byAddress.Append(new(UInt128.MaxValue, others)))
            {
                if (!all && !failures.IsDue(now))
                    continue;
                if (failures.Count > 0)
                    due.Add((failures.Address, failures.Take(now)));
                else
                    byAddress.Remove(number);
            }
        }

        foreach (var (address, count) in due)
            LogCounted(count, address);
    }

    private static string ReasonOf(string? header)
        => string.IsNullOrEmpty(header) ? "no key"
            : ManagementAuthority.IsWellFormed(header) ? "unknown or ended key" : "not a management key";

    [LoggerMessage(
        LogLevel.Warning,
        "Management authentication failed {Failures} times from {Client} since the last such line: {Reason}, request {RequestId}")]
    private partial void LogFailed(long failures, string client, string reason, string requestId);

    [LoggerMessage(LogLevel.Warning, "Management authentication failed {Failures} more times from {Client}")]
    private partial void LogCounted(long failures, string client);

    private sealed class Failures
    {
        private long loggedMicroseconds = -PeriodMicroseconds;

        public string Address { get; set; } = "";

        public long Count { get; set; }

        public bool IsDue(long now) => now - loggedMicroseconds >= PeriodMicroseconds;

        public long Take(long now)
        {
            (var count, Count, loggedMicroseconds) = (Count, 0, now);
            return count;
        }
    }
}
