using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Engine.Receipts;
using Warder.Engine.Replicas;
using Warder.Engine.Secrets;
using Warder.Server.Connections;
using Warder.Server.Health;
using Warder.Server.Http;
using Warder.Engine.LogReaders;
using Warder.Server.Nodes;
using Warder.Server.Openapi;
using Warder.Server.Receipts;
using Warder.Server.Replicas;
using Warder.Server.Telemetry;
using Warder.Storage;
using Route = Warder.Server.Http.Route;

namespace Warder.Server.Hosting;

/// <summary>A running server: what <c>warder serve</c> starts, and stops.</summary>
public sealed class WarderHost : IAsyncDisposable
{
    private const int WaitingThreads = 64;

    private static readonly TimeSpan StreamPulse = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private readonly DataDirectory directory;
    private readonly Node node;
    private readonly Sweeper sweeper;
    private readonly StallExchange stalls;
    private readonly LogReaderHost readers;
    private readonly WebApplication app;
    private readonly WarderMeter meter;
    private readonly Readiness readiness;
    private readonly OtlpExport? export;

    private WarderHost(
        DataDirectory directory, Node node, Sweeper sweeper, StallExchange stalls, LogReaderHost readers, WebApplication app, Readiness readiness, SecretString? firstKey)
    {
        (this.directory, this.node, this.sweeper, this.stalls, this.readers) = (directory, node, sweeper, stalls, readers);
        (this.app, this.readiness, FirstManagementKey) = (app, readiness, firstKey);
        meter = new WarderMeter(node.Cache, node.Counts, node.Store.Macs, node.Streams);
        meter.Observe(Connections, app.Services.GetRequiredService<RequestRates>());
        meter.Observe(node);
        meter.Observe(node.ReplicaLeases.Stalls);
        meter.Observe(readers);
        export = OtlpExport.Start();
    }

    /// <summary>The management key that this start made; null when there was one.</summary>
    public SecretString? FirstManagementKey { get; }

    /// <summary>The file that <see cref="FirstManagementKey"/> was written to.</summary>
    public string ManagementKeyPath => directory.ManagementKeyPath;

    /// <summary>Where the server listens, with the port that it got.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The parts, for tests and benchmarks inside the process.</summary>
    internal Node Node => node;

    /// <summary>The readers of the log, for tests inside the process.</summary>
    internal LogReaderHost LogReaders => readers;

    /// <summary>The endpoints that requests reach, for tests inside the process.</summary>
    internal IReadOnlyList<Endpoint> Endpoints => app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>The connections, for tests inside the process.</summary>
    internal ConnectionTable Connections => app.Services.GetRequiredService<ConnectionTable>();

    /// <summary>Starts a server. When this returns it answers requests.</summary>
    /// <exception cref="StorageException">The data directory cannot be used; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">The options do not go together; the message says which.</exception>
    public static Task<WarderHost> StartAsync(ServeOptions options) => StartAsync(options, null);

    /// <summary>Starts a server for a test.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="interference">What stands between its journal and its memory: see <see cref="FaultHooks"/>.</param>
    /// <param name="parts">What it answers, and which readers its log has; null: those of the product.</param>
    internal static async Task<WarderHost> StartAsync(ServeOptions options, FaultHooks? interference, HostParts? parts = null)
    {
        var address = ListenAddress.Parse(options);
        if (address.Fault is { } fault)
            throw new ArgumentException(fault.Fields[0].Message, nameof(options));
        var nodeOptions = options.ToNodeOptions();
        if (interference?.Level is { } level)
            nodeOptions = nodeOptions with { Level = level };
        var limits = options.ToClientLimits();
        var directory = DataDirectory.Open(options.DataDirectory);
        Node? node = null;
        Store? store = null;
        Readiness? readiness = null;
        try
        {
            store = directory.OpenStore(options.Database);
            var root = RootKeyFile.Load(options.RootKeyPath ?? directory.RootKeyPath, directory, store, Entropy.System);
            var alarm = new RowMacAlarm(store.Macs);
            if (store.IsShared)
                PrepareToWait();
            node = Node.Start(store, Clock.System, Entropy.System, nodeOptions, root, interference);
            var firstKey = FirstStart.Run(node, directory, options.ManagementKey);
            node.SigningKeys.Prepare(node);
            readiness = new Readiness(node);
            var app = Build(node, readiness, address.Value, limits, (parts ?? HostParts.OfProduct).Routes);
            node.ReceiptWriter.Logger = app.Services.GetRequiredService<ILogger<ReceiptWriter>>();
            alarm.Logger = app.Services.GetRequiredService<ILogger<RowMacAlarm>>();
            var sweeper = new Sweeper(node, app.Services.GetRequiredService<ILogger<Sweeper>>());
            var stalls = new StallExchange(node, app.Services.GetRequiredService<ILogger<StallExchange>>());
            stalls.Start();
            var readers = LogReadersOf(node, parts ?? HostParts.OfProduct, app.Services);
            node.ClusterMember?.Start(app.Services.GetRequiredService<ILogger<ClusterMember>>());
            await app.StartAsync();
            sweeper.Start();
            readers.Start();
            return new WarderHost(directory, node, sweeper, stalls, readers, app, readiness, firstKey);
        }
        catch
        {
            readiness?.Dispose();
            node?.Dispose();
            store?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the process is told to stop, or the token is cancelled.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellation)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Tell(PosixSignalContext signal)
        {
            signal.Cancel = true;
            told.TrySetResult();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Tell);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Tell);
        using var cancelled = cancellation.Register(() => told.TrySetResult());
        await told.Task;
    }

    /// <summary>Answers what is under way, writes what waits, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        // First, while they can still say that they have given up their leases: a node goes only when nobody answers by its leave.
        await node.ReplicaLeases.StopAsync();
        node.OutstandingLeases.Clear();
        using (var timeout = new CancellationTokenSource(ShutdownTimeout))
            await app.StopAsync(timeout.Token);
        readers.Dispose();
        sweeper.Dispose();
        stalls.Dispose();
        await app.DisposeAsync();
        export?.Dispose();
        meter.Dispose();
        readiness.Dispose();
        node.Dispose();
        directory.Dispose();
    }

    private static LogReaderHost LogReadersOf(Node node, HostParts parts, IServiceProvider services) => new(
        parts.LogReaders,
        new LogReaderParts(
            node.Id, node.Store, node.Journal, node.Clock, () => node.Cache.Applied, parts.Pace, services.GetRequiredService<ILogger<LogReaderHost>>()));

    // A miss reads over a network, on the thread that asks. With no more threads than processors a handful of misses would hold up every
    // hit for as long as new threads take to come.
    private static void PrepareToWait()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, WaitingThreads), completions);
    }

    private static WebApplication Build(Node node, Readiness readiness, ListenAddress address, ClientLimits limits, IReadOnlyList<Route> routes)
    {
        // A line ends with CR LF: a bare LF is what another server may not take for an end.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address));
        if (address.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        // The container owns neither: it is handed them, and does not dispose of them.
        builder.Services.AddRoutingCore().AddSingleton(node).AddSingleton(readiness);
        ApiDescription.AddServices(builder.Services);
        ThrottledLogs.AddTo(builder.Logging);
        ClientBounds.AddTo(builder.Services, limits, node.Store.IsShared);
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            // What keeps the server from starting is told by whoever starts it.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            // What goes wrong in a request is logged by the dispatcher. As long as this one may log, it opens a scope and an activity for
            // each request.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        var app = builder.Build();
        var dispatcher = ActivatorUtilities.CreateInstance<Dispatcher>(app.Services, node);
        app.Use(next => http => dispatcher.Guard(http, next));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = StreamPulse, KeepAliveTimeout = StreamPulse });
        app.UseRouting();
        foreach (var route in routes)
            ApiDescription.Describe(app.MapMethods(route.Pattern, [route.Method], dispatcher.Handle(route, app.Services)), route);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ListenAddress address)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = RequestFraming.EncodingOf;
        ClientBounds.Apply(kestrel.Limits);
        kestrel.Listen(address.Endpoint, listen =>
        {
            if (address.Certificate is { } certificate)
                listen.UseHttps(certificate, static https => https.HandshakeTimeout = ClientBounds.HandshakeTimeout);
        });
    }
}

/// <summary>What a server is put together from. A test adds routes and readers of its own.</summary>
internal sealed record HostParts
{
    /// <summary>Those of the product.</summary>
    public static HostParts OfProduct { get; } = new();

    /// <summary>The routes.</summary>
    public IReadOnlyList<Route> Routes { get; init; } = RouteTable.All;

    /// <summary>The readers of the log.</summary>
    public IReadOnlyList<LogReader> LogReaders { get; init; } = [];

    /// <summary>The times that the readers keep.</summary>
    public LogReaderPace Pace { get; init; } = new();
}
