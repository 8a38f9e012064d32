using System.Diagnostics;
using System.Text.Json;
using Warder.Bench.Http;

namespace Warder.Bench.Peers;

/// <summary>A way to end a key.</summary>
/// <param name="Name">What was done to the key.</param>
/// <param name="Request">The request for a key's id.</param>
internal sealed record Ending(string Name, Func<string, byte[]> Request);

/// <summary>
/// One of the systems that are compared, as it runs: any number of nodes over one store, that all take the same validations.
/// </summary>
internal sealed class Deployment : IDisposable
{
    private static readonly TimeSpan AvailableWithin = TimeSpan.FromSeconds(30);
    private readonly List<IDisposable> parts = [];

    /// <summary>What it is called in the table.</summary>
    public required string Name { get; init; }

    /// <summary>Where its nodes listen. Keys are made and ended through the first.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>All that it takes, its store included.</summary>
    public required IReadOnlyCollection<int> Processes { get; init; }

    /// <summary>The tokens that it is loaded with, one a line.</summary>
    public required string TokensPath { get; init; }

    /// <summary>The header of who asks.</summary>
    public required string Authorization { get; init; }

    /// <summary>What stands in an answer that allows, and in no other.</summary>
    public required byte[] AllowMark { get; init; }

    /// <summary>The request for a new key.</summary>
    public required byte[] Issue { get; init; }

    /// <summary>The ways to end a key.</summary>
    public required IReadOnlyList<Ending> Endings { get; init; }

    /// <summary>What ends with it.</summary>
    public IEnumerable<IDisposable> Parts { init => parts.AddRange(value); }

    /// <summary>A new key.</summary>
    public (string Id, string Value) NewKey(Connection connection)
    {
        using var key = JsonDocument.Parse(Change(connection, Issue));
        return (key.RootElement.GetProperty("id").GetString()!, key.RootElement.GetProperty("value").GetString()!);
    }

    /// <summary>Makes a change; again while it answers that it cannot now, and did nothing.</summary>
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
