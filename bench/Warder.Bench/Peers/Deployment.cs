using System.Diagnostics;
using System.Text.Json;
using Warder.Bench.Http;

namespace Warder.Bench.Peers;

/// <summary>A way to end a key.</summary>
/// <param name="Name">The name of the operation.</param>
/// <param name="Request">Builds the request for a key's id.</param>
internal sealed record Ending(string Name, Func<string, byte[]> Request);

/// <summary>Runs one of the compared systems: any number of nodes over one store, all of which take the same validations.</summary>
internal sealed class Deployment : IDisposable
{
    private static readonly TimeSpan AvailableWithin = TimeSpan.FromSeconds(30);
    private readonly List<IDisposable> parts = [];

    /// <summary>The name in the table.</summary>
    public required string Name { get; init; }

    /// <summary>The addresses of its nodes. The first node creates and ends keys.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>All its processes, its store included.</summary>
    public required IReadOnlyCollection<int> Processes { get; init; }

    /// <summary>The tokens of the load, one a line.</summary>
    public required string TokensPath { get; init; }

    /// <summary>The caller's header.</summary>
    public required string Authorization { get; init; }

    /// <summary>Text that an answer that allows contains, and no other.</summary>
    public required byte[] AllowMark { get; init; }

    /// <summary>Builds the request for a new key.</summary>
    public required byte[] Issue { get; init; }

    /// <summary>The ways to end a key.</summary>
    public required IReadOnlyList<Ending> Endings { get; init; }

    /// <summary>Objects to dispose with it.</summary>
    public IEnumerable<IDisposable> Parts { init => parts.AddRange(value); }

    /// <summary>Creates a key.</summary>
    public (string Id, string Value) NewKey(Connection connection)
    {
        using var key = JsonDocument.Parse(Change(connection, Issue));
        return (key.RootElement.GetProperty("id").GetString()!, key.RootElement.GetProperty("value").GetString()!);
    }

    /// <summary>Makes a change; repeats it while the answer is that the server is unavailable and did nothing.</summary>
    public byte[] Change(Connection connection, byte[] request)
    {
        var waited = Stopwatch.StartNew();
        var answer = connection.Exchange(request);
        while (HttpText.IsUnavailable(answer) && waited.Elapsed < AvailableWithin)
        {
            Thread.Sleep(20);
            answer = connection.Exchange(request);
        }

        return HttpText.BodyOf(answer).ToArray();
    }

    public void Dispose() => parts.ForEach(part => part.Dispose());
}
