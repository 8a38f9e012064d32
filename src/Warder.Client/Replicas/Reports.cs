using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Protocol;

namespace Warder.Client.Replicas;

/// <summary>
/// The reports that a replica sends every few seconds: used keys and the number of answered validations. Reports are sent one message at a
/// time, so that urgent messages do not wait for all of them.
/// </summary>
/// <remarks>
/// One connection uses it at a time. Unsent reports survive a lost connection and go over the next; at most one message is lost.
/// </remarks>
internal sealed class Reports(ReplicaMemory memory, DecisionCounts counts)
{
    private const int UsesPerMessage = 1_000;
    private const long PauseMicroseconds = 4_000_000;

    private long[] told = new long[counts.Read().Length];
    private long begunMicroseconds = Clock.BootMicroseconds();

    /// <summary>Takes the next message; null when no report is due.</summary>
    public ReplicaMessage? Next()
    {
        if (NextUses() is { } uses)
            return uses;
        if (Clock.BootMicroseconds() - begunMicroseconds < PauseMicroseconds)
            return null;
        begunMicroseconds = Clock.BootMicroseconds();
        memory.BeginUses();
        return NextCounts() ?? NextUses();
    }

    /// <summary>Takes all reports, due or not, message by message, the shortest kind first.</summary>
    public IEnumerable<ReplicaMessage> Last()
    {
        if (NextCounts() is { } counted)
            yield return counted;
        while (NextUses() is { } earlier)
            yield return earlier;
        memory.BeginUses();
        while (NextUses() is { } uses)
            yield return uses;
    }

    private ReplicaMessage? NextUses() => memory.NextUses(UsesPerMessage) is { Count: > 0 } some ? new KeyUses(some.ConvertAll(Of)) : null;

    private ReplicaMessage? NextCounts()
    {
        var now = counts.Read();
        var since = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var code = 0; code < now.Length; code++)
        {
            if (now[code] > told[code])
                since.Add(Decision.NameOf((DecisionCode)code), now[code] - told[code]);
        }

        told = now;
        return since.Count > 0 ? new DecisionReport(since) : null;
    }

    private static KeyUse Of(Usage use)
        => new(Id.Format(IdKind.ApiKey, use.KeyId), use.SecretNumber, use.LastUsedAtMilliseconds, use.Proof);
}
