using System.Globalization;
using System.Text;
using Warder.Core.Receipts;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// What receipts have to say of a replica, by what its node has acknowledged: it has applied all of that, but for the events in its lapses,
/// which it had no lease for. Nodes leave these to each other beside their acknowledgements.
/// </summary>
/// <param name="Environment">The number of its environment.</param>
/// <param name="Id"><c>replica_…</c></param>
/// <param name="Name">What its operator calls it.</param>
/// <param name="Since">The last event when it was first granted a lease: it has never answered from before that.</param>
/// <param name="Last">The last event that it had to do with, when it is gone.</param>
/// <param name="Lapses">Events that it had not applied when its lease was over; each the first and the last of them.</param>
internal sealed record ReplicaAckState(int Environment, string Id, string Name, long Since, long Last, IReadOnlyList<(long First, long Last)> Lapses)
{
    private const int MaxLapses = 16;

    // Before it, in a line: what an older version takes for no lapse, and leaves out.
    private const string Key = "key=";

    /// <summary>Its management key; null: not known.</summary>
    public string? ManagementKeyId { get; init; }

    /// <summary>How it came to be past an event that its node has acknowledged; null when it had nothing to do with it.</summary>
    public VerifierLine? At(long sequence, string follows)
    {
        if (sequence <= Since || sequence > Last)
            return null;
        var lapsed = Lapses.Any(lapse => sequence >= lapse.First && sequence <= lapse.Last);
        return new VerifierLine(Id, Name, follows, lapsed ? Outcome.LeaseRanOut : Outcome.Acknowledged) { ManagementKeyId = ManagementKeyId };
    }

    /// <summary>One line each: the numbers, the id, the name, the management key, the lapses, apart by spaces.</summary>
    public static string Write(IEnumerable<ReplicaAckState> notes)
    {
        var text = new StringBuilder();
        foreach (var note in notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{note.Environment} {note.Since} {note.Last} {note.Id} {Uri.EscapeDataString(note.Name)}");
            if (note.ManagementKeyId is { } key)
                text.Append(' ').Append(Key).Append(key);
            foreach (var (first, last) in Bounded(note.Lapses))
                text.Append(CultureInfo.InvariantCulture, $" {first}-{last}");
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. A line that is none, of some other version, is left out.</summary>
    public static List<ReplicaAckState> Read(string text)
    {
        var notes = new List<ReplicaAckState>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            if (parts.Length < 5 || !TryNumber(parts[0], out var environment) || !TryNumber(parts[1], out var since) || !TryNumber(parts[2], out var end))
                continue;
            var lapses = new List<(long, long)>();
            foreach (var part in parts.AsSpan(5))
            {
                if (part.Split('-') is [var first, var last] && TryNumber(first, out var from) && TryNumber(last, out var to))
                    lapses.Add((from, to));
            }

            var key = Array.Find(parts, static part => part.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..];
            notes.Add(new ReplicaAckState((int)environment, parts[3], Uri.UnescapeDataString(parts[4]), since, end, lapses) { ManagementKeyId = key });
        }

        return notes;
    }

    // The oldest are told as one: a receipt then says of events between them that the lease ran out, which claims less than an
    // acknowledgement.
    private static IEnumerable<(long First, long Last)> Bounded(IReadOnlyList<(long First, long Last)> lapses)
    {
        var excess = lapses.Count - MaxLapses;
        return excess <= 0 ? lapses : lapses.Skip(excess + 1).Prepend((lapses.Take(excess + 1).Min(static lapse => lapse.First), lapses.Take(excess + 1).Max(static lapse => lapse.Last)));
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
