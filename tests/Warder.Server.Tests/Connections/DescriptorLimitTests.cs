using Warder.Server.Connections;
using Warder.Server.Tests.Hosting;


namespace Warder.Server.Tests.Connections;

public sealed class DescriptorLimitTests
{
    [Theory]
    [InlineData(null, 100, 16_384, 16_384)]
    [InlineData(1_000_000L, 200, 16_384, 16_384)]
    [InlineData(20_000L, 200, 16_384, 15_000)] // A quarter is kept.
    [InlineData(1_024L, 100, 16_384, 768)]
    [InlineData(400L, 20, 16_384, 272)] // At least 128 are.
    [InlineData(320L, 200, 16_384, 56)] // And what the process itself needs.
    [InlineData(200L, 200, 16_384, -64)]
    [InlineData(20_000L, 200, 50, 50)]
    public void Connections_are_bounded_well_below_the_descriptor_limit(long? limit, int open, int asked, int most)
        => Assert.Equal(most, DescriptorLimit.Connections(limit, open, isShared: false, asked));

    [Fact]
    public void A_shared_database_has_descriptors_of_its_own()
        => Assert.True(DescriptorLimit.Connections(320, 200, isShared: true, 1_000) < DescriptorLimit.Connections(320, 200, isShared: false, 1_000));

    [Fact]
    public async Task Where_the_limit_leaves_no_descriptors_for_connections_the_server_does_not_start_and_names_what_to_raise()
    {
        using var folder = DataFolder.Embedded();
        await using var warder = await WarderProcess.StartAsync(folder, "ulimit -n 260;");
        Assert.False(warder.Listens);
        Assert.NotEqual(0, await warder.ExitAsync());
        Assert.Contains("ulimit -n", warder.Errors, StringComparison.Ordinal);
    }
}
