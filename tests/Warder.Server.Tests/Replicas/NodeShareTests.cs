using Warder.Engine.Streams;


namespace Warder.Server.Tests.Replicas;

/// <summary>How one resource of a node is divided among management keys and environments.</summary>
public sealed class NodeShareTests
{
    private readonly NodeShare share = new(capacity: 100, perManagementKey: 20, floor: 1);

    [Fact]
    public void A_management_key_holds_its_bound_and_no_more()
    {
        Assert.Equal(ShareBound.None, share.TryTake("a", 1, 20));
        Assert.Equal(ShareBound.ManagementKey, share.TryTake("a", 1, 1));
        Assert.Equal(ShareBound.None, share.TryTake("b", 1, 20));
        share.Return("a", 1, 5);
        Assert.Equal(ShareBound.None, share.TryTake("a", 1, 5));
    }

    [Fact]
    public void The_keys_of_an_environment_hold_half_together()
    {
        foreach (var key in new[] { "a", "b" })
            Assert.Equal(ShareBound.None, share.TryTake(key, 1, 20));
        Assert.Equal(ShareBound.None, share.TryTake("c", 1, 10));
        Assert.Equal(ShareBound.Environment, share.TryTake("d", 1, 1));
        Assert.Equal(ShareBound.None, share.TryTake("e", 2, 20));
    }

    [Fact]
    public void A_tenth_is_kept_for_environments_that_hold_none()
    {
        for (var key = 0; key < 9; key++)
            Assert.Equal(ShareBound.None, share.TryTake($"{key}", key / 2, 10));
        Assert.Equal(90, share.Used);
        Assert.Equal(ShareBound.Node, share.TryTake("0", 0, 1));
        Assert.Equal(ShareBound.None, share.TryTake("new", 7, 1));
        Assert.Equal(ShareBound.Node, share.TryTake("new", 7, 1));
        for (var environment = 8; environment < 17; environment++)
            Assert.Equal(ShareBound.None, share.TryTake($"of {environment}", environment, 1));
        Assert.Equal(ShareBound.Node, share.TryTake("late", 17, 1));
    }

    [Fact]
    public void What_can_wait_leaves_half_of_each_bound()
    {
        Assert.Equal(ShareBound.None, share.TryTake("a", 1, 10, part: 2));
        Assert.Equal(ShareBound.ManagementKey, share.TryTake("a", 1, 1, part: 2));
        Assert.Equal(ShareBound.None, share.TryTake("b", 1, 10, part: 2));
        Assert.Equal(ShareBound.Environment, share.TryTake("c", 1, 10, part: 2));
        Assert.Equal(ShareBound.None, share.TryTake("a", 1, 10));
    }

    [Fact]
    public void What_was_refused_is_not_held()
    {
        Assert.Equal(ShareBound.ManagementKey, share.TryTake("a", 1, 21));
        Assert.Equal(0, share.Used);
        Assert.Equal(ShareBound.None, share.TryTake("a", 1, 20));
    }
}
