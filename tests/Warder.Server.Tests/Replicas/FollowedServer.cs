using Warder.Server.Tests.Hosting;


namespace Warder.Server.Tests.Replicas;

/// <summary>A server of each test's own, somebody in it, and a management key for whoever follows it.</summary>
public abstract class FollowedServer(params string[] rights) : IAsyncLifetime
{
    private protected RunningWarder Warder { get; private set; } = null!;

    private protected Fixture Own { get; private set; } = null!;

    private protected string Key { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Warder = await RunningWarder.StartAsync();
        Own = await Fixture.MakeAsync(Warder, Warder.Key, "a");
        Key = await Warder.Grant(null, rights);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Warder.DisposeAsync();
    }
}
