using Warder.Core.Directory;

namespace Warder.Core.Tests.Directory;

public sealed class MetadataPairsTests
{
    private static readonly Dictionary<string, string> Before = new() { ["a"] = "1", ["b"] = "2" };

    [Fact]
    public void A_change_keeps_the_pairs_that_it_does_not_name()
        => Assert.Equal(["a=1", "b=3", "c=4"], Merged(new() { ["b"] = "3", ["c"] = "4" }));

    [Fact]
    public void Null_removes_a_pair() => Assert.Equal(["b=2"], Merged(new() { ["a"] = null, ["never"] = null }));

    [Fact]
    public void An_empty_value_is_a_value() => Assert.Equal(["a=", "b=2"], Merged(new() { ["a"] = "" }));

    [Fact]
    public void A_change_without_names_clears_all()
    {
        Assert.Empty(Merged([]));
        Assert.Empty(MetadataPairs.Merge(Before, null).Value.Pairs);
    }

    [Fact]
    public void The_pairs_are_counted_after_the_change()
    {
        var full = Enumerable.Range(0, MetadataPairs.Max).ToDictionary(i => $"n{i}", i => $"{i}");
        Assert.Equal("too_many", MetadataPairs.Merge(full, new Dictionary<string, string?> { ["more"] = "x" }).Fault?.Code);
        var replaced = MetadataPairs.Merge(full, new Dictionary<string, string?> { ["more"] = "x", ["n0"] = null }).Value.Pairs;
        Assert.Equal((MetadataPairs.Max, "x"), (replaced.Count, replaced["more"]));
    }

    [Fact]
    public void Names_are_told_apart_by_case() => Assert.Equal(["a=1", "b=2", "A=9"], Merged(new() { ["A"] = "9" }));

    private static IEnumerable<string> Merged(Dictionary<string, string?> change)
        => MetadataPairs.Merge(Before, change).Value.Pairs.Select(pair => $"{pair.Key}={pair.Value}");
}
