using System.Globalization;
using System.Text;
using Warder.Core.Receipts;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// The state of a replica that receipts show: the replica has applied everything that its node has acknowledged, except the events in its
/// lapses, for which it had no lease. Nodes publish these states to each other beside their acknowledgements.
/// </summary>
/// <param name="Environment">The number of the replica's environment.</param>
/// <param name="Id"><c>replica_…</c></param>
/// <param name="Name">The name that the operator gave the replica.</param>
/// <param name="Since">The last event at the replica's first lease: the replica has never answered from before that event.</param>
/// <param name="Last">The last event that concerns the replica, once the replica is gone.</param>
/// <param name="Lapses">The ranges of events, first and last, that the replica had not applied when its lease ended.</param>
internal sealed record ReplicaAckState(
    int Environment, string Id, string Name, long Since, long Last, IReadOnlyList<(long First, long Last)> Lapses)
{
    private const int MaxLapses = 16;

    // Precedes the management key in a line. An older version does not parse the part as a lapse, and ignores it.
    private const string Key = "key=";

    /// <summary>The id of the replica's management key; null: not known.</summary>
    public string? ManagementKeyId { get; init; }

    /// <summary>Describes how the replica came to be past an event that its node has acknowledged.</summary>
    /// <returns>Null: the event does not concern the replica.</returns>
    public VerifierLine? At(long sequence, string follows)
    {
        if (sequence <= Since || sequence > Last)
            return null;
        var lapsed = Lapses.Any(lapse => sequence >= lapse.First && sequence <= lapse.Last);
        return new VerifierLine(
            Id, Name, follows, lapsed ? Outcome.LeaseRanOut : Outcome.Acknowledged) { ManagementKeyId = ManagementKeyId };
    }

    /// <summary>Writes one line for each state: numbers, id, name, management key and lapses, separated by spaces.</summary>
    public static string Write(IEnumerable<ReplicaAckState> notes)
    {
        var text = new StringBuilder();
        foreach (var note in notes)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{note.Environment} {note.Since} {note.Last} {note.Id} {Uri.EscapeDataString(note.Name)}");
            if (note.ManagementKeyId is { } key)
                text.Append(' ').Append(Key).Append(key);
            foreach (var (first, last) in Bounded(note.Lapses))
                text.Append(CultureInfo.InvariantCulture, $" {first}-{last}");
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Parses the output of <see cref="Write"/>. Ignores malformed lines, such as those of another version.</summary>
    public static List<ReplicaAckState> Read(string text)
    {
        var notes = new List<ReplicaAckState>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            if (parts.Length < 5 || !TryNumber(parts[0], out var environment) || !TryNumber(parts[1], out var since)
                || !TryNumber(parts[2], out var end))
                continue;
            var lapses = new List<(long, long)>();
            foreach (var part in parts.AsSpan(5))
            {
                if (part.Split('-') is [var first, var last] && TryNumber(first, out var from) && TryNumber(last, out var to))
                    lapses.Add((from, to));
            }

            var key = Array.Find(parts, static part => part.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..];
            notes.Add(
                new ReplicaAckState(
                    (int)environment, parts[3], Uri.UnescapeDataString(parts[4]), since, end, lapses) { ManagementKeyId = key });
        }

        return notes;
    }

    // The oldest lapses are merged into one. For the events between them, a receipt then states that the lease ran out, which is a weaker
    // claim than an acknowledgement.
    private static IEnumerable<(long First, long Last)> Bounded(IReadOnlyList<(long First, long Last)> lapses)
    {
        var excess = lapses.Count - MaxLapses;
        return excess <= 0
            ? lapses
            : lapses.Skip(excess + 1).Prepend(
                (lapses.Take(excess + 1).Min(static lapse => lapse.First), lapses.Take(excess + 1).Max(static lapse => lapse.Last)));
    }

    private static bool TryNumber(string text, out long number)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
