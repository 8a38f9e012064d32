using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Warder.Faults.Report;

/// <summary>
/// Describes a violation: the answer, and around it, in order of time, all calls, all answers to the same question, and all faults.
/// </summary>
internal static class ViolationReport
{
    private const double SecondsAround = 15;

    /// <summary>Describes a violation. Times are in seconds since a moment on the monotonic clock.</summary>
    public static string Of(Violation violation, Journal journal, long since)
    {
        var text = new StringBuilder($"VIOLATION: {violation.Subject.Name}: {violation.Why}\n");
        var middle = violation.Answer?.Requested ?? violation.Calls.Max(call => call.Called);
        if (violation.Answer is { } answer)
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {Times(answer.Requested, answer.Answered, since)}: {answer.Question}: {answer.Code}; and around it:\n");
        List<(long At, string Line)> lines = [.. journal.Faults.Select(fault => (fault.From, Of(fault, since)))];
        foreach (var call in violation.Calls)
            lines.Add(
                (call.Called, $"{Times(call.Called, call.Over, since)}  {call.Operation}, at {call.Node}: {call.Outcome ?? "under way"}"));
        foreach (var (seen, verifier) in violation.Sightings.Where(
            sighting => violation.Answer is not { } it || sighting.Answer.Question == it.Question))
            lines.Add(
                (seen.Requested,
                $"{Times(seen.Requested, seen.Answered, since)}    {verifier}: {seen.Question}:"
                    + $" {seen.Code}{(seen == violation.Answer ? "   <—" : "")}"));
        foreach (var (_, line) in lines.Where(line => Math.Abs(Seconds(line.At, middle)) < SecondsAround).OrderBy(line => line.At))
            text.Append("  ").Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>Describes each fault in a line.</summary>
    public static IEnumerable<string> Of(Journal journal, long since) => journal.Faults.Select(fault => Of(fault, since));

    private static string Of(Fault fault, long since)
        => $"{Times(fault.From, fault.To, since)}  [{fault.Kind.Name}: {string.Join(", ", fault.Places)}]";

    /// <summary>Formats an interval on the monotonic clock, in seconds since a moment.</summary>
    public static string Times(long from, long to, long since) => $"{Time(from, since)} – {Time(to, since)}";

    private static string Time(long at, long since)
        => at == long.MaxValue ? "…" : Seconds(at, since).ToString("f6", CultureInfo.InvariantCulture);

    private static double Seconds(long at, long since) => (at - since) / (double)Stopwatch.Frequency;
}
