using System.Diagnostics;
using Warder.Cedar.Fuzz.Checks;
using Warder.Cedar.Fuzz.Oracle;

namespace Warder.Cedar.Fuzz;

/// <summary>Goes through worlds, one after the other, and collects what differs.</summary>
internal sealed class Campaign(RunOptions options, TextWriter output)
{
    private const int WorldsUnderWay = 6;

    /// <summary>What was generated, and what came of it.</summary>
    public Features Features { get; } = new();

    /// <summary>How many differences there are, one for each topic in each world.</summary>
    public int Differences { get; private set; }

    public long Requests { get; private set; }

    /// <summary>Runs until enough was decided or enough was found, and tells of each difference, made small.</summary>
    public async Task Run()
    {
        using var engine = OfficialEngine.Start();
        var clock = Stopwatch.StartNew();
        var underWay = new Queue<(int World, Task<IReadOnlyList<(Case Case, Difference Difference)>> Result)>();
        var (next, told) = (0, 0L);
        while (Requests < options.Requests && Differences < options.Stop && (options.World is null || next == 0 || underWay.Count > 0))
        {
            while (underWay.Count < WorldsUnderWay && (options.World is null || next == 0))
            {
                var world = options.World ?? unchecked((options.Seed * 1_000_003) + next);
                next++;
                underWay.Enqueue((world, Compare(world, engine)));
            }

            var (number, result) = underWay.Dequeue();
            foreach (var (given, difference) in (await result.ConfigureAwait(false)).DistinctBy(found => found.Difference.Topic))
            {
                Differences++;
                await Tell(number, given, difference, engine).ConfigureAwait(false);
            }

            if (clock.ElapsedMilliseconds / 10_000 > told)
            {
                told = clock.ElapsedMilliseconds / 10_000;
                await output.WriteLineAsync($"{clock.Elapsed:hh\\:mm\\:ss} {next:N0} worlds, {Requests:N0} requests, {Differences} differences").ConfigureAwait(false);
            }
        }

        while (underWay.TryDequeue(out var rest))
            await rest.Result.ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<(Case Case, Difference Difference)>> Compare(int world, OfficialEngine engine)
    {
        var found = new List<(Case, Difference)>();
        foreach (var given in new CaseMaker(world, Features).Make())
        {
            found.AddRange((await Questions.About(given, engine, Features).ConfigureAwait(false)).Select(difference => (given, difference)));
            if (given.Check is DecisionCheck)
                Requests += given.All(PartKind.Request).Count();
        }

        return found;
    }

    private async Task Tell(int world, Case given, Difference difference, OfficialEngine engine)
    {
        var small = await new Shrinker(engine, difference.Topic).Shrink(given).ConfigureAwait(false);
        var shown = (await Questions.About(small, engine, new Features()).ConfigureAwait(false)).FirstOrDefault(it => it.Topic == difference.Topic) ?? difference;
        await output.WriteLineAsync($"DIFFERENCE in {difference.Topic}: tests/fuzz/run --world {world}\n{small}\n  {shown.Words}\n").ConfigureAwait(false);
    }
}
