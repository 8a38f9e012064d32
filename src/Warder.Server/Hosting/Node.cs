using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Server.Http;
using Warder.Server.Management;
using Warder.Server.Verification;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Management;

namespace Warder.Server.Hosting;

/// <summary>One server's parts, and how they hang together: the store, the journal that writes it, and what answers from memory.</summary>
internal sealed class Node : IDisposable
{
    private Node(Store store, Clock clock, Entropy entropy, Func<CommitListener, CommitListener>? between)
    {
        Store = store;
        Clock = clock;
        Entropy = entropy;
        Environments = new EnvironmentRegistry();
        Authority = new ManagementAuthority(entropy);
        Cache = new KeyCache(entropy, Limits.CachedKeys);
        Validator = new Validator(store, Cache, clock);
        Reload();
        Cache.Flush(store.Read(Log.Head).Sequence);
        CommitListener listener = new MemoryListener(this);
        Journal = new Journal(store, between is null ? listener : between(listener), clock);
        Usage = new UsageWriter(this);
    }

    /// <summary>The database.</summary>
    public Store Store { get; }

    /// <summary>The writer.</summary>
    public Journal Journal { get; }

    /// <summary>What time it is.</summary>
    public Clock Clock { get; }

    /// <summary>Where secrets and ids come from.</summary>
    public Entropy Entropy { get; }

    /// <summary>The environments.</summary>
    public EnvironmentRegistry Environments { get; }

    /// <summary>Who may manage.</summary>
    public ManagementAuthority Authority { get; }

    /// <summary>The keys that validations are answered from.</summary>
    public KeyCache Cache { get; }

    /// <summary>Answers validations.</summary>
    public Validator Validator { get; }

    /// <summary>Writes when keys were used.</summary>
    public UsageWriter Usage { get; }

    /// <summary>Starts on a store that is open and has its first environment.</summary>
    /// <param name="store">The store; the node owns it from now on.</param>
    /// <param name="clock">The process's clock.</param>
    /// <param name="entropy">The process's randomness.</param>
    /// <param name="between">What stands between the journal and memory: nothing, but in a test that gets in its way.</param>
    public static Node Start(Store store, Clock clock, Entropy entropy, Func<CommitListener, CommitListener>? between = null)
        => new(store, clock, entropy, between);

    /// <summary>Writes what waits, and stops.</summary>
    public void Dispose()
    {
        Usage.Dispose();
        Journal.Dispose();
        Store.Dispose();
    }

    /// <summary>Reads again who may manage and which environments there are.</summary>
    internal void Reload()
    {
        var (environments, credentials) = Store.ReadSnapshot(session => (
            EnvironmentTable.All(session).ConvertAll(info => new EnvironmentState(info, EnvironmentTable.Schemes(session, info.Number))),
            ManagementKeyTable.Credentials(session, Clock.Now())));
        Environments.Replace(environments);
        Authority.Replace(credentials);
    }
}
