using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Warder.Bench.Http;

/// <summary>The rate and the cost of a server under load.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="CpuMicroseconds">The server's processor time for one request.</param>
internal readonly record struct LoadResult(double PerSecond, double CpuMicroseconds)
{
    /// <summary>The share of its one processor that the server got.</summary>
    public double Utilization => PerSecond * CpuMicroseconds / 1e6;
}

/// <summary>Loads servers over 64 connections from other processes: wrk, or a client of this program where there is no wrk.</summary>
/// <param name="tokensPath">The tokens to validate, one a line.</param>
/// <param name="authorization">The caller's header.</param>
/// <param name="keys">The number of tokens to use.</param>
/// <param name="perRequest">The number of tokens in one request.</param>
internal sealed class Load(string tokensPath, string authorization, int keys, int perRequest)
{
    private const int Connections = 64;
    private static readonly string? Wrk = FindWrk();

    private string Path => perRequest == 1 ? Servers.Path : Servers.Path + "/batch";

    /// <summary>Names the load generator.</summary>
    public static string Generator => Wrk is null ? "a client of our own (for wrk: apt-get install wrk)" : "wrk";

    /// <summary>Loads one server that runs on one processor, from another one.</summary>
    public LoadResult Run(ServerProcess server, double seconds) => Run([server.Address], () => server.CpuSeconds, seconds, processor: 1);

    /// <summary>Loads all the servers of one system at once, the connections shared out among them.</summary>
    public LoadResult Run(IReadOnlyList<string> addresses, Func<double> cpuSeconds, double seconds, int? processor = null)
    {
        var cpu = cpuSeconds();
        var generators = addresses.Select(address => Start(address, Connections / addresses.Count, seconds, processor)).ToList();
        var loads = generators.ConvertAll(Finish);
        var spent = cpuSeconds() - cpu;
        return new LoadResult(loads.Sum(load => load.Requests / load.Seconds), spent / loads.Sum(load => load.Requests) * 1e6);
    }

    /// <summary>Sends one request; returns the length of its answer's body.</summary>
    public int AnswerLength(ServerProcess server)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address + Path)
        {
            Content = new StringContent(
                $$"""{"value":"{{File.ReadLines(tokensPath).First()}}"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = client.Send(request);
        response.EnsureSuccessStatusCode();
        return response.Content.ReadAsStringAsync().GetAwaiter().GetResult().Length;
    }

    private Process Start(string address, int connections, double seconds, int? processor)
        => Process.Start(Wrk is { } wrk
            ? ServerProcess.Pinned(processor, wrk,
            [
                "-t1", $"-c{connections}", $"-d{seconds:0}s", "--timeout", "10s", "-s",
                System.IO.Path.Combine(AppContext.BaseDirectory, "load.lua"), address, "--",
                Path, tokensPath, keys.ToString(), perRequest.ToString(), authorization,
            ])
            : ServerProcess.Pinned(processor, Environment.ProcessPath!,
            [
                "child-load", address, Path, tokensPath, keys.ToString(), perRequest.ToString(), authorization, connections.ToString(),
                seconds.ToString(),
            ]))!;

    private static (double Requests, double Seconds) Finish(Process generator)
    {
        using var process = generator;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The load failed: " + output);
        var fields = line.Split(' ');
        var requests = double.Parse(fields[1]);
        if (fields[3] != "0" || requests == 0)
            throw new InvalidOperationException($"{fields[3]} of {requests} requests failed: {output}");
        return (requests, double.Parse(fields[2]) / 1e6);
    }

    private static string? FindWrk()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => System.IO.Path.Combine(folder, "wrk"))
            .FirstOrDefault(File.Exists);
}
