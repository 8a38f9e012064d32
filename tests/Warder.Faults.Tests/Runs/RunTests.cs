using Warder.Faults.Cluster;

namespace Warder.Faults.Tests.Runs;

/// <summary>Whole runs, as processes of their own; one after the other.</summary>
public sealed class RunTests
{
    [Fact]
    public void On_an_embedded_database_no_promise_is_broken_whatever_befalls_the_server()
    {
        var (code, words) = Run("--embedded", "--minutes", "0.4", "--validations", "1e6", "--faults", "5");

        Assert.True(code == 0, words);
        Assert.EndsWith("\nviolations: 0", words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bug_where_a_change_is_answered_before_memory_is_told_is_found()
    {
        var (code, words) = Run("--embedded", "--minutes", "1", "--faults", "1", "--server", Beside("Warder.Planted"));

        Assert.Equal(1, code);
        Assert.Contains("VIOLATION: ", words, StringComparison.Ordinal);
    }

    private static (int Code, string Words) Run(params string[] arguments) => RunningProgram.Try([Beside("Warder.Faults"), .. arguments]);

    // artifacts/bin/Warder.Faults.Tests/release/ → artifacts/bin/NAME/release/NAME
    private static string Beside(string name)
    {
        var own = AppContext.BaseDirectory.TrimEnd('/');
        return Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(own))!, name, Path.GetFileName(own), name);
    }
}
