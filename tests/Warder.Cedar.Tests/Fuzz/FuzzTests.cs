using Warder.Cedar.Fuzz;

namespace Warder.Cedar.Tests.Fuzz;

/// <summary>Runs the comparison with the official engine for a short time. <c>tests/fuzz/run</c> is the long run.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Both_engines_agree_on_what_is_made_by_chance()
    {
        using var report = new StringWriter();
        var campaign = new Campaign(new RunOptions { Requests = 2_500 }, report);
        await campaign.Run();
        output.WriteLine(report.ToString());

        Assert.True(campaign.Differences == 0, report.ToString());
        Assert.True(
            campaign.Features.Missing.Count == 0, $"Never generated, or never seen: {string.Join(", ", campaign.Features.Missing)}");
    }

    [Fact]
    public void A_world_is_the_same_each_time()
    {
        for (var world = 0; world < 20; world++)
            Assert.Equal(Text(world), Text(world));

        static string Text(int world) => string.Join('\n', new CaseMaker(world, new Features()).Make());
    }
}
