using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Storage;
using Warder.Storage.Tests.Databases;

namespace Warder.Server.Tests.Nodes;

public sealed class NodeMemoryTests : IDisposable
{
    private const int AllConnections = 3;

    private readonly TestDatabase database = new(Database.Postgres);

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task Management_keys_are_read_while_other_reads_have_every_connection()
    {
        using var store = Storage.Postgres.PostgresStore.Open(database.Connection + $";Maximum Pool Size={AllConnections}");
        using var node = Node.Start(store, Clock.System, Entropy.System);
        using var allRead = new CountdownEvent(AllConnections);
        using var go = new ManualResetEventSlim();
        var reads = Enumerable.Range(0, AllConnections).Select(
            _ => Task.Factory.StartNew(
                () => store.Read(session =>
                {
                    allRead.Signal();
                    go.Wait();
                    return session.Number("SELECT 1");
                }),
                TaskCreationOptions.LongRunning)).ToArray();
        allRead.Wait(TestContext.Current.CancellationToken);
        node.Memory.Reload();
        Assert.Throws<StorageException>(() => store.Read(static session => session.Number("SELECT 1")));
        go.Set();
        Assert.All(await Task.WhenAll(reads), static each => Assert.Equal(1, each));
    }
}
