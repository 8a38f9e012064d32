using System.Globalization;
using System.Text;

namespace Warder.Faults.Report;

/// <summary>A violation in words: what was answered, and around it all that was called, answered and went wrong, in order of time.</summary>
internal static class Telling
{
    private const double SecondsAround = 15;

    /// <summary>Times are in seconds since a moment on the monotonic clock.</summary>
    public static string Of(Violation violation, Journal journal, long since)
    {
        double Seconds(long at) => (at - since) / (double)System.Diagnostics.Stopwatch.Frequency;
        string Time(long at) => at == long.MaxValue ? "…" : Seconds(at).ToString("f6", CultureInfo.InvariantCulture);
        var text = new StringBuilder($"VIOLATION: {violation.Subject.Name}: {violation.Why}\n");
        var middle = violation.Answer?.Asked ?? violation.Calls.Max(call => call.Called);
        if (violation.Answer is { } answer)
            text.Append(CultureInfo.InvariantCulture, $"  asked at {Time(answer.Asked)}, answered at {Time(answer.Answered)}: {answer.Question}: {answer.Code}\n");
        List<(long At, string Line)> lines = [];
        foreach (var call in violation.Calls)
            lines.Add((call.Called, $"{Time(call.Called)} – {Time(call.Returned)}  {call.Deed}, at {call.Node}: {call.Outcome ?? "under way"}"));
        foreach (var (seen, node) in violation.Sightings)
            lines.Add((seen.Asked, $"{Time(seen.Asked)} – {Time(seen.Answered)}    {node}: {seen.Question}: {seen.Code}{(seen == violation.Answer ? "   <—" : "")}"));
        foreach (var fault in journal.Faults)
            lines.Add((fault.From, $"{Time(fault.From)} – {Time(fault.To)}  [{fault.Kind.Name}: {fault.Where}]"));
        foreach (var (_, line) in lines.Where(line => Math.Abs(Seconds(line.At) - Seconds(middle)) < SecondsAround).OrderBy(line => line.At))
            text.Append("  ").Append(line).Append('\n');
        return text.ToString();
    }
}
