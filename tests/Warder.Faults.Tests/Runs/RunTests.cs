using Warder.Faults.Cluster;

namespace Warder.Faults.Tests.Runs;

/// <summary>Whole runs, as processes of their own; one after the other.</summary>
public sealed class RunTests
{
    [Fact]
    public void On_several_nodes_no_promise_is_broken_whatever_befalls_them()
        => Holds(Run("", "--minutes", "0.8", "--validations", "2e5", "--faults", "10"));

    [Fact]
    public void On_an_embedded_database_no_promise_is_broken_whatever_befalls_the_server()
        => Holds(Run("", "--embedded", "--minutes", "0.3", "--validations", "2e5", "--faults", "5"));

    [Fact]
    public void Hostile_replicas_break_no_promise()
        => Holds(Run("", "--attackers", "--only", "attack", "--minutes", "0.8", "--validations", "1e5", "--faults", "4"));

    [Theory]
    [InlineData("late-memory", "--server", "--embedded")]
    [InlineData("before-the-barrier", "--server", "--replicas", "0", "--only", "deaf")]
    [InlineData("no-fence", "--server", "--replicas", "0", "--faults", "40", "--only", "cut")]
    [InlineData("fill-race", "--server", "--replicas", "0", "--only", "slow")]
    [InlineData("before-the-barrier", "--server", "--embedded")] // The applications learn late.
    [InlineData("another-environment", "--server", "--embedded")]
    [InlineData("another-environment", "--server")] // Its own replicas, at a node other than the change's.
    [InlineData("lease-across-a-reconnect", "--application", "--faults", "40", "--only", "stream cut")]
    public void A_planted_bug_is_found(string bug, string planted, params string[] options)
    {
        var (code, output) = Run(bug, ["--minutes", "3", planted, Beside("Warder.Mutants"), .. options]);

        Assert.Equal(1, code);
        Assert.Contains("VIOLATION: ", output, StringComparison.Ordinal);
    }

    private static void Holds((int Code, string Output) run)
    {
        Assert.True(run.Code == 0, run.Output);
        Assert.EndsWith("\nviolations: 0", run.Output, StringComparison.Ordinal);
    }

    private static (int Code, string Output) Run(string bug, params string[] arguments)
        => RunningProgram.Try(["env", $"WARDER_MUTANT={bug}", Beside("Warder.Faults"), .. arguments]);

    // artifacts/bin/Warder.Faults.Tests/release/ → artifacts/bin/NAME/release/NAME
    private static string Beside(string name)
    {
        var own = AppContext.BaseDirectory.TrimEnd('/');
        return Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(own))!, name, Path.GetFileName(own), name);
    }
}
