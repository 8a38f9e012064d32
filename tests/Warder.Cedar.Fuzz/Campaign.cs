using System.Diagnostics;
using Warder.Cedar.Fuzz.Checks;
using Warder.Cedar.Fuzz.Oracle;

namespace Warder.Cedar.Fuzz;

/// <summary>Runs worlds one after the other, and collects the differences.</summary>
internal sealed class Campaign(RunOptions options, TextWriter output)
{
    private const int WorldsUnderWay = 6;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(10);

    /// <summary>Counts the generated features, and their outcomes.</summary>
    public Features Features { get; } = new();

    /// <summary>The number of differences, one for each topic in each world.</summary>
    public int Differences { get; private set; }

    /// <summary>The number of requests decided, in the completed worlds.</summary>
    public long Requests { get; private set; }

    /// <summary>
    /// Runs until it has decided enough requests or found enough differences, and reports each difference in reduced form. Each run is the
    /// same.
    /// </summary>
    public async Task Run()
    {
        using var engine = OfficialEngine.Start();
        var clock = Stopwatch.StartNew();
        var underWay = new Queue<Task<World>>();
        var (next, reported) = (0, TimeSpan.Zero);
        for (var isEnough = false; !isEnough || underWay.Count > 0;)
        {
            while (!isEnough && underWay.Count < WorldsUnderWay)
            {
                underWay.Enqueue(Compare(options.World ?? unchecked((options.Seed * 1_000_003) + next), engine));
                next++;
                isEnough = options.World is not null;
            }

            await Judge(await underWay.Dequeue().ConfigureAwait(false), engine).ConfigureAwait(false);
            isEnough = isEnough || Requests >= options.Requests || Differences >= options.Stop;
            if (clock.Elapsed - reported < BetweenReports)
                continue;
            reported = clock.Elapsed;
            await output.WriteLineAsync(
                $"{reported:hh\\:mm\\:ss} {next - underWay.Count:N0} worlds, {Requests:N0} requests, {Differences} differences")
                .ConfigureAwait(false);
        }
    }

    private async Task<World> Compare(int number, OfficialEngine engine)
    {
        var (found, requests) = (new List<(Case, Difference)>(), 0);
        foreach (var given in new CaseMaker(number, Features).Make())
        {
            found.AddRange(
                (await Questions.About(given, engine, Features).ConfigureAwait(false)).Select(difference => (given, difference)));
            if (given.Check is DecisionCheck)
                requests += given.All(PartKind.Request).Count();
        }

        return new World(number, requests, found);
    }

    private async Task Judge(World world, OfficialEngine engine)
    {
        Requests += world.Requests;
        foreach (var (given, difference) in world.Found.DistinctBy(found => found.Difference.Topic))
        {
            Differences++;
            var small = await new Shrinker(engine, difference.Topic).Shrink(given).ConfigureAwait(false);
            var shown = (await Questions.About(small, engine, new Features()).ConfigureAwait(false))
                .FirstOrDefault(it => it.Topic == difference.Topic) ?? difference;
            await output.WriteLineAsync(
                $"DIFFERENCE in {difference.Topic}: tests/fuzz/run --world {world.Number}\n{small}\n  {shown.Identifiers}\n")
                .ConfigureAwait(false);
        }
    }

    private sealed record World(int Number, int Requests, IReadOnlyList<(Case Case, Difference Difference)> Found);
}
