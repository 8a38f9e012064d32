using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Warder.Bench.Data;

namespace Warder.Bench.Http;

/// <summary>What a server did under load.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="CpuMicroseconds">What one of them cost the server.</param>
internal readonly record struct LoadResult(double PerSecond, double CpuMicroseconds)
{
    /// <summary>How much of its one processor the server had.</summary>
    public double Utilization => PerSecond * CpuMicroseconds / 1e6;
}

/// <summary>Loads a server with 64 connections from another process: wrk, or a client of our own where there is none.</summary>
internal sealed class Load(KeyDatabase database, int keys, int perRequest)
{
    private const int Connections = 64;
    private static readonly string? Wrk = FindWrk();

    private string Path => perRequest == 1 ? Servers.Path : Servers.Path + "/batch";

    /// <summary>Says what makes the load.</summary>
    public static string Generator => Wrk is null ? "a client of our own (for wrk: apt-get install wrk)" : "wrk";

    public LoadResult Run(ServerProcess server, double seconds)
    {
        var cpu = server.CpuSeconds;
        var start = Wrk is { } wrk
            ? ServerProcess.Pinned(1, wrk,
            [
                "-t1", $"-c{Connections}", $"-d{seconds:0}s", "-s", System.IO.Path.Combine(AppContext.BaseDirectory, "load.lua"), server.Address, "--",
                Path, database.TokensPath, keys.ToString(), perRequest.ToString(), database.Authorization,
            ])
            : ServerProcess.Pinned(1, Environment.ProcessPath!,
            [
                "child-load", server.Address, Path, database.TokensPath, keys.ToString(), perRequest.ToString(), database.Authorization,
                Connections.ToString(), seconds.ToString(),
            ]);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var spent = server.CpuSeconds - cpu;
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The load failed: " + output);
        var fields = line.Split(' ');
        var requests = double.Parse(fields[1]);
        if (fields[3] != "0" || requests == 0)
            throw new InvalidOperationException($"{fields[3]} of {requests} requests failed: {output}");
        return new LoadResult(requests / (double.Parse(fields[2]) / 1e6), spent / requests * 1e6);
    }

    /// <summary>One request; the length of its answer's body.</summary>
    public int AnswerLength(ServerProcess server)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address + Path)
        {
            Content = new StringContent($$"""{"value":"{{File.ReadLines(database.TokensPath).First()}}"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", database.Authorization);
        using var response = client.Send(request);
        response.EnsureSuccessStatusCode();
        return response.Content.ReadAsStringAsync().GetAwaiter().GetResult().Length;
    }

    private static string? FindWrk()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => System.IO.Path.Combine(folder, "wrk")).FirstOrDefault(File.Exists);
}
