using System.Globalization;
using System.Text.Json;
using Warder.Bench.Policies;

namespace Warder.Bench.Peers;

/// <summary>Runs the official engine as WebAssembly in Node. <c>bench/peers/cedar-wasm</c> describes the setup and its reasons.</summary>
internal static class CedarWasm
{
    private const int Requests = 200;

    private static readonly NodePackage Package = new("cedar-wasm");

    /// <summary>Installs the packages of the lock file, unless that was done.</summary>
    public static void Install() => Package.Install();

    /// <summary>
    /// Measures a decision of a workload's first requests there, in microseconds, after a check that both engines decide the same.
    /// </summary>
    public static Latency Measure(Bench bench, Workload workload, double seconds)
    {
        var file = Path.Combine(bench.Folder, "workload.json");
        File.WriteAllText(file, workload.ToJson(Requests));
        using var answer = JsonDocument.Parse(Tool.Run(Package.Script("decide.mjs", file, seconds.ToString(CultureInfo.InvariantCulture))));
        var decisions = answer.RootElement.GetProperty("decisions").EnumerateArray().Select(it => it.GetString());
        var ours = Enumerable.Range(0, Math.Min(Requests, workload.Requests)).Select(workload.Decide)
            .Select(it => $"{(it.IsAllowed ? "allow" : "deny")} {string.Join(',', it.Reasons.Order(StringComparer.Ordinal))}");
        if (!decisions.SequenceEqual(ours))
            throw new InvalidOperationException($"{workload.Name}: cedar-wasm decides otherwise.");
        return new Latency(answer.RootElement.GetProperty("p50").GetDouble(), answer.RootElement.GetProperty("p99").GetDouble());
    }
}

/// <summary>Measures an action, in microseconds.</summary>
internal sealed record Latency(double Median, double P99);
