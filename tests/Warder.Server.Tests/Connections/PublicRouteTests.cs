using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Connections;

public sealed class PublicRouteTests
{
    private const int MoreThanAllReaders = 64;

    /// <summary>Every database reader is taken, so each request that reads waits or fails.</summary>
    [Fact]
    public async Task A_route_without_a_key_reads_nothing()
    {
        await using var warder = await RunningWarder.StartAsync();
        using var free = new ManualResetEventSlim();
        using var taken = new CountdownEvent(1);
        var readers = Enumerable.Range(0, MoreThanAllReaders).Select(_ => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return warder.Node.Store.Read(_ =>
                    {
                        if (!taken.IsSet)
                            taken.Signal();
                        free.Wait();
                        return 0;
                    });
                }
                catch (Storage.StorageException)
                {
                    // The request got no turn.
                    return 0;
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        try
        {
            taken.Wait();
            var unknown = TokenFormat.Issue("wdrm", Entropy.System).Reveal();
            var answers = Task.WhenAll(
                Status("/health/live", ""), Status("/health/ready", ""), Status("/openapi.json", ""), Status("/.well-known/jwks.json", ""),
                Status("/nothing", ""), Status("/organizations", ""), Status("/organizations", "wdrm_wrong"),
                Status("/organizations", unknown));
            int[] expected = [200, 200, 200, 200, 404, 401, 401, 401];
            Assert.Equal(expected, await answers.WaitAsync(TimeSpan.FromSeconds(20)));
        }
        finally
        {
            free.Set();
            await Task.WhenAll(readers);
        }

        async Task<int> Status(string path, string key) => (await warder.Get(path, key)).Status;
    }

    [Theory]
    [InlineData("/openapi.json")]
    [InlineData("/.well-known/jwks.json")]
    public async Task A_public_document_has_an_entity_tag(string path)
    {
        await using var warder = await RunningWarder.StartAsync();
        var first = (await warder.Get(path, "")).Is(200);
        var tag = first.Headers.ETag!.Tag;
        var again = (await warder.Send("GET", path, null, "", ("If-None-Match", tag))).Is(304);
        Assert.Empty(again.Text);
        Assert.Equal(first.Text, (await warder.Send("GET", path, null, "", ("If-None-Match", "\"other\""))).Is(200).Text);
    }

    [Fact]
    public async Task The_tag_of_the_signing_keys_changes_with_them()
    {
        await using var warder = await RunningWarder.StartAsync();
        var before = (await warder.Get("/.well-known/jwks.json", "")).Headers.ETag!.Tag;
        (await warder.Post("/signing_keys")).Is(201);
        Assert.NotEqual(before, (await warder.Get("/.well-known/jwks.json", "")).Headers.ETag!.Tag);
    }
}
