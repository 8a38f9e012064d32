using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Warder.Core.Rates;
using Warder.Core.Time;
using Warder.Server.Http;

namespace Warder.Server.Telemetry;

/// <summary>
/// Bounds the log: ten lines a second of all categories together that a client can cause, and ten of each other category. Without a bound,
/// a client that causes a line with each request fills the disk. Once a second, a line has the number of suppressed lines. A framework
/// error that a client caused is written as a warning without the exception, so that an error or a critical line always concerns the
/// server. Access lines are not bounded here: <see cref="LogOutput"/> bounds them.
/// </summary>
[ProviderAlias("Console")]
internal sealed partial class ThrottledLogs : ILoggerProvider
{
    private const int LinesPerSecond = 10;
    private const int FlushMilliseconds = 1_000;

    // Kestrel's error, with an exception, after a body that arrived too slowly and was answered 408. The client is at fault, and the
    // dispatcher logs one line.
    private const string AnsweredFailure = "RequestBodyDrainBodyReaderInvalidState";

    // Kestrel's critical errors, with an exception, when a client resets streams faster than it reads the answers. Kestrel has ended the
    // connection.
    private const string Http2OutputFull = "Http2QueueOperationsExceeded";
    private const string Http2FlowControlFull = "Http2FlowControlQueueOperationsExceeded";

    private readonly ILoggerProvider inner;
    private readonly Bucket ofClients = new();
    private readonly ILogger own;
    private readonly Timer timer;
    private long suppressed;

    public ThrottledLogs(ILoggerProvider inner)
    {
        this.inner = inner;
        own = inner.CreateLogger("Warder.Server.Telemetry.Log");
        timer = new Timer(static state => ((ThrottledLogs)state!).Flush(), this, FlushMilliseconds, FlushMilliseconds);
    }

    /// <summary>Logs to standard output, throttled, at the given levels.</summary>
    public static void AddTo(ILoggingBuilder logging, LogOutput output, LogFormat format, IConfigurationSection levels)
    {
        logging.AddConfiguration(levels)
            // The caller of StartAsync reports why the server does not start.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            // The dispatcher logs the failures of requests. While this category is enabled, the framework opens a scope and an activity for
            // each request.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.Services.AddSingleton<ILoggerProvider>(_ => new ThrottledLogs(new LineLogs(output, format)));
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
        => categoryName == AccessLog.Category
            ? inner.CreateLogger(categoryName)
            : new ThrottledLogger(this, inner.CreateLogger(categoryName), IsOfClients(categoryName) ? ofClients : new Bucket());

    public void Dispose()
    {
        timer.Dispose();
        Flush();
    }

    // Clients can cause lines of the framework's categories, and of Warder's categories about requests and connections.
    private static bool IsOfClients(string category)
        => !category.StartsWith("Warder.", StringComparison.Ordinal) || category.StartsWith("Warder.Server.Http.", StringComparison.Ordinal)
            || category.StartsWith("Warder.Server.Connections.", StringComparison.Ordinal);

    private void Flush()
    {
        if (Interlocked.Exchange(ref suppressed, 0) is not 0 and var lines)
            LogSuppressed(own, lines);
    }

    [LoggerMessage(LogLevel.Warning, "{Lines} more lines were not written: the log is bounded to ten lines a second")]
    private static partial void LogSuppressed(ILogger logger, long lines);

    private sealed class Bucket
    {
        private static readonly Rate Rate = new(LinesPerSecond, LinesPerSecond);
        private long arrivalMicroseconds;

        public bool Take() => Rate.Take(ref arrivalMicroseconds, Clock.MonotonicMicroseconds()) == 0;
    }

    private sealed class ThrottledLogger(ThrottledLogs logs, ILogger inner, Bucket bucket) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel) || string.Equals(eventId.Name, AnsweredFailure, StringComparison.Ordinal))
                return;
            if (eventId.Name is Http2OutputFull or Http2FlowControlFull)
                (logLevel, exception) = (LogLevel.Warning, null);
            if (bucket.Take())
                inner.Log(logLevel, eventId, state, exception, formatter);
            else
                Interlocked.Increment(ref logs.suppressed);
        }
    }
}
