using System.Diagnostics;
using Warder.Bench.Http;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures the time from the start of <c>warder serve</c>'s process on a database of a million keys to the first validation's answer over
/// HTTP.
/// </summary>
internal sealed class ColdStart : Claim
{
    public override string Name => "cold-start";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var database = bench.Database(1_000_000);
        var request = HttpText.Validation(database.Authorization, File.ReadLines(database.TokensPath).Skip(500_000).First());
        var times = Enumerable.Range(0, bench.Rounds(9)).Select(_ => Start(database.Folder, request)).ToList();
        yield return new Row("cold start to the first validation over HTTP, 1,000,000 keys", times.Median(), 0.5, 0.25)
        {
            Unit = " s", Note = $"from {times.Min():0.00} to {times.Max():0.00} s; the files are in the page cache",
        };
    }

    private static double Start(string folder, byte[] request)
    {
        var started = Stopwatch.GetTimestamp();
        using var server = new WarderProcess(folder);
        var answer = server.FirstAnswer(request);
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return answer.AsSpan().IndexOf("\"allow\":true"u8) >= 0 ? took : throw new InvalidOperationException("A good key was denied.");
    }
}
