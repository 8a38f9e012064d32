using System.Net.Security;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Engine.Secrets;
using Warder.Engine.Watermarks;
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

/// <summary>A running server, as <c>warder serve</c> starts it.</summary>
public sealed partial class WarderHost : IAsyncDisposable
{
    private const int WaitingThreads = 64;

    private static readonly TimeSpan StreamPulse = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastRequests = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private readonly DataDirectory directory;
    private readonly Node node;
    private readonly LogReaderHost readers;
    private readonly WebApplication app;
    private readonly WarderMeter meter;
    private readonly Readiness readiness;
    private readonly OtlpExport? export;
    private readonly ServerLog log;
    private Drain drain = null!;
    private ServerCertificate? certificate;
    private TimeSpan drainTimeout;

    private WarderHost(
        DataDirectory directory, Node node, LogReaderHost readers, WebApplication app, Readiness readiness, SecretString? firstKey,
        ServerLog log)
    {
        this.log = log;
        (this.directory, this.node, this.readers) = (directory, node, readers);
        (this.app, this.readiness, FirstManagementKey) = (app, readiness, firstKey);
        meter = new WarderMeter(node.Cache, node.Counts, node.Store.Macs, node.Streams);
        meter.Observe(Connections, app.Services.GetRequiredService<RequestRates>());
        meter.Observe(node.Reads, node.Validator.Misses, node.Journal);
        meter.Observe(node.ReplicaLeases.Stalls);
        meter.Observe(readers);
        meter.Observe(node.Background);
        export = OtlpExport.Start();
    }

    /// <summary>The management key that this start created; null: there was one.</summary>
    public SecretString? FirstManagementKey { get; }

    /// <summary>The file that <see cref="FirstManagementKey"/> was written to.</summary>
    public string ManagementKeyPath => directory.ManagementKeyPath;

    /// <summary>The URL that the server listens on, with its actual port.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The node, for tests and benchmarks inside the process.</summary>
    internal Node Node => node;

    /// <summary>The readers of the log, for tests inside the process.</summary>
    internal LogReaderHost LogReaders => readers;

    /// <summary>The endpoints that requests reach, for tests inside the process.</summary>
    internal IReadOnlyList<Endpoint> Endpoints => app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>The connections, for tests inside the process.</summary>
    internal ConnectionTable Connections => app.Services.GetRequiredService<ConnectionTable>();

    /// <summary>Starts a server. When the task completes, the server answers requests.</summary>
    /// <exception cref="StorageException">The data directory cannot be used; the message has the reason and the remedy.</exception>
    /// <exception cref="ArgumentException">The options contradict each other; the message names them.</exception>
    public static Task<WarderHost> StartAsync(ServeOptions options) => StartAsync(options, null);

    /// <summary>Starts a server for a test.</summary>
    /// <param name="options">The options.</param>
    /// <param name="interference">The faults that the test plants: see <see cref="FaultHooks"/>.</param>
    /// <param name="parts">The routes and the readers of the log; null: those of the product.</param>
    internal static async Task<WarderHost> StartAsync(ServeOptions options, FaultHooks? interference, HostParts? parts = null)
    {
        var address = ListenAddress.Parse(options);
        if (address.Fault is { } fault)
            throw new ArgumentException(fault.Fields[0].Message, nameof(options));
        var nodeOptions = options.ToNodeOptions();
        if (interference?.Level is { } level)
            nodeOptions = nodeOptions with { Level = level };
        var limits = options.ToClientLimits();
        var log = ServerLog.Of(options);
        var directory = DataDirectory.Open(options.DataDirectory);
        Node? node = null;
        Store? store = null;
        Readiness? readiness = null;
        var drain = new Drain();
        try
        {
            store = directory.OpenStore(options.Database, options.RereadDatabase);
            var clock = interference?.Clock ?? Clock.System;
            var watermark = new WatermarkFile(options.WatermarkPath ?? directory.WatermarkPath);
            var guard = StartGuard.Check(watermark, store, clock, options.AcceptClock, options.AcceptOlderLog);
            var root = RootKeyFile.Load(options.RootKeyPath ?? directory.RootKeyPath, directory, store, Entropy.System);
            var alarm = new RowMacAlarm(store.Macs);
            if (store.IsShared)
                PrepareToWait();
            node = Node.Start(store, clock, Entropy.System, nodeOptions, root, interference, watermark);
            var firstKey = node.FirstStart.Run(directory, options.ManagementKey);
            node.FirstStart.Prepare(node.SigningKeys);
            guard.Record(node.Environments, node.Journal, node.SystemEvents);
            readiness = new Readiness(node.Store, node.Lease, node.Availability, node.Background, drain, address.Value.Certificate);
            var app = Build(node, readiness, drain, address.Value, limits, (parts ?? HostParts.OfProduct).Routes, log);
            alarm.Logger = app.Services.GetRequiredService<ILogger<RowMacAlarm>>();
            var readers = LogReadersOf(node, parts ?? HostParts.OfProduct, app.Services);
            node.ClusterMember?.Start(app.Services.GetRequiredService<ILogger<ClusterMember>>());
            node.Background.Start(app.Services.GetRequiredService<ILoggerFactory>());
            await app.StartAsync();
            readers.Start();
            address.Value.Certificate?.Watch(app.Services.GetRequiredService<ILogger<ServerCertificate>>());
            var host = new WarderHost(directory, node, readers, app, readiness, firstKey, log)
            {
                drain = drain, certificate = address.Value.Certificate, drainTimeout = TimeSpan.FromSeconds(options.DrainSeconds),
            };
            LogStarted(
                app.Services.GetRequiredService<ILogger<WarderHost>>(), nodeOptions.Name, node.Id, nodeOptions.Version, host.Address,
                store.IsShared ? "PostgreSQL" : "SQLite");
            return host;
        }
        catch
        {
            log.Dispose();
            readiness?.Dispose();
            node?.Dispose();
            store?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the process gets SIGTERM or SIGINT, or the token is cancelled.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellation)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var cancelled = cancellation.Register(() => stop.TrySetResult());
        await stop.Task;
    }

    /// <summary>Reads again what may change while the server runs: the TLS certificate and the levels of the log.</summary>
    /// <param name="fresh">The options as they are now.</param>
    public void Reload(ServeOptions fresh)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        certificate?.Look(isRequested: true);
        log.Replace(fresh.LogLevels);
        LogReloaded(app.Services.GetRequiredService<ILogger<WarderHost>>());
    }

    /// <summary>
    /// Prepares the stop: the node is not ready any more, each connection closes after its next answer, and after the time of
    /// <c>--drain-seconds</c> no new connection is accepted. Ends early when no connection is open.
    /// </summary>
    public async Task DrainAsync()
    {
        drain.Begin();
        LogStopping(app.Services.GetRequiredService<ILogger<WarderHost>>(), drainTimeout.TotalSeconds);
        var end = Clock.MonotonicMicroseconds() + ((long)drainTimeout.TotalMilliseconds * 1_000);
        while (Connections.Count > 0 && Clock.MonotonicMicroseconds() < end)
            await Task.Delay(DrainLook);
        // Connections that were accepted last get a moment to send their request, and its answer.
        await app.Services.GetRequiredService<ConnectionListenerFactory>().CloseAsync();
        if (Connections.Count > 0)
            await Task.Delay(LastRequests);
    }

    /// <summary>Completes requests under way, writes pending data, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        // Replicas are stopped first, while their connections can still release leases: a node stops only when no replica holds a lease of
        // it.
        await node.ReplicaLeases.StopAsync();
        node.OutstandingLeases.Clear();
        using (var timeout = new CancellationTokenSource(ShutdownTimeout))
            await app.StopAsync(timeout.Token);
        readers.Dispose();
        certificate?.Dispose();
        LogStopped(app.Services.GetRequiredService<ILogger<WarderHost>>());
        await app.DisposeAsync();
        export?.Dispose();
        meter.Dispose();
        readiness.Dispose();
        node.Dispose();
        directory.Dispose();
        log.Dispose();
    }

    [LoggerMessage(LogLevel.Information, "The node {Node} ({NodeId}) of Warder {Version} listens on {Address}, over {Database}")]
    private static partial void LogStarted(ILogger logger, string node, string nodeId, string version, string address, string database);

    [LoggerMessage(LogLevel.Information, "The configuration was read again")]
    private static partial void LogReloaded(ILogger logger);

    [LoggerMessage(LogLevel.Information, "The node stops: it is not ready, and connections are told to close for {Seconds} s at most")]
    private static partial void LogStopping(ILogger logger, double seconds);

    [LoggerMessage(LogLevel.Information, "The node has answered its last request")]
    private static partial void LogStopped(ILogger logger);

    private static LogReaderHost LogReadersOf(Node node, HostParts parts, IServiceProvider services) => new(
        parts.LogReaders,
        new LogReaderParts(
            node.Id, node.Store, node.Journal, node.Clock, () => node.Cache.Applied, parts.Pace,
            services.GetRequiredService<ILogger<LogReaderHost>>()));

    // An authentication without a lease, and other reads over a network, block a thread of the pool. With no more threads than processors,
    // a handful of them would delay every hit until the pool starts new threads.
    private static void PrepareToWait()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, WaitingThreads), completions);
    }

    private static WebApplication Build(
        Node node, Readiness readiness, Drain drain, ListenAddress address, ClientLimits limits, IReadOnlyList<Route> routes,
        ServerLog log)
    {
        // A line ends with CR LF: another server may not accept a bare LF as an end.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address));
        if (address.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        AddParts(builder.Services.AddRoutingCore().AddSingleton(readiness).AddSingleton(drain).AddSingleton<PrometheusMetrics>(), node);
        ApiDescription.AddServices(builder.Services);
        log.AddTo(builder.Logging);
        builder.Services.AddSingleton<FailedAuthentications>();
        ClientBounds.AddTo(builder.Services, limits, node.Store.IsShared);
        var app = builder.Build();
        var dispatcher = ActivatorUtilities.CreateInstance<Dispatcher>(app.Services);
        if (log.HasAccessLog)
            dispatcher.Access = ActivatorUtilities.CreateInstance<AccessLog>(app.Services);
        app.Use(next => http => dispatcher.Guard(http, next));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = StreamPulse, KeepAliveTimeout = StreamPulse });
        app.UseRouting();
        foreach (var route in routes)
            ApiDescription.Describe(app.MapMethods(route.Pattern, [route.Method], dispatcher.Handle(route, app.Services)), route);
        return app;
    }

    // The parts that handlers take. The container does not dispose of these instances, because they are passed to it.
    private static void AddParts(IServiceCollection services, Node node) => services
        .AddSingleton(new CallParts(node.Changes, node.Authentication))
        .AddSingleton(node.Identity).AddSingleton(node.Availability).AddSingleton(node.Background)
        .AddSingleton(node.Authentication).AddSingleton(node.Environments)
        .AddSingleton(node.Cache).AddSingleton(node.Validator).AddSingleton(node.UseProofs).AddSingleton(node.Streams)
        .AddSingleton(node.ReplicaLeases).AddSingleton(node.ReplicaStreams)
        .AddSingleton(node.Receipts).AddSingleton(node.ReceiptWriter).AddSingleton(node.SigningKeys);

    private static void Configure(KestrelServerOptions kestrel, ListenAddress address)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = RequestFraming.EncodingOf;
        ClientBounds.Apply(kestrel.Limits);
        kestrel.Listen(address.Endpoint, listen =>
        {
            if (address.Certificate is { } certificate)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = ClientBounds.HandshakeTimeout,
                    // Each handshake takes the certificate of its time.
                    OnConnection = _ => ValueTask.FromResult(
                        new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
                });
            }
        });
    }
}

/// <summary>The routes and readers of a server. A test adds its own.</summary>
internal sealed record HostParts
{
    /// <summary>The routes and readers of the product.</summary>
    public static HostParts OfProduct { get; } = new();

    /// <summary>The routes.</summary>
    public IReadOnlyList<Route> Routes { get; init; } = RouteTable.All;

    /// <summary>The readers of the log.</summary>
    public IReadOnlyList<LogReader> LogReaders { get; init; } = [];

    /// <summary>The intervals of the readers.</summary>
    public LogReaderPace Pace { get; init; } = new();
}
