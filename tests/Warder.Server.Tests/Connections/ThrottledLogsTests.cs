using Microsoft.Extensions.Logging;
using Warder.Server.Telemetry;

namespace Warder.Server.Tests.Connections;

public sealed class ThrottledLogsTests
{
    [Fact]
    public void A_flood_of_lines_is_bounded_and_counted()
    {
        var kept = new Kept();
        using (var logs = new ThrottledLogs(kept))
        {
            // Whatever categories a client can cause lines of: they have one bound together.
            string[] categories = ["Microsoft.AspNetCore.Server.Kestrel", "Warder.Server.Http.Dispatcher", "Warder.Server.Connections.ConnectionTable"];
            var loggers = categories.Select(logs.CreateLogger).ToList();
            for (var i = 0; i < 3_000; i++)
                loggers[i % 3].Log(LogLevel.Error, default, i, null, static (state, _) => $"line {state}");
            // A category of the node's own is not silenced by it.
            logs.CreateLogger("Warder.Engine.Nodes.ClusterMember").Log(LogLevel.Error, default, 0, null, static (_, _) => "the node's own");
        }

        var lines = kept.Lines;
        // The burst, and what a slow run of this loop lets in.
        Assert.InRange(lines.Count(static line => line.StartsWith("line ", StringComparison.Ordinal)), 10, 40);
        Assert.Contains("the node's own", lines);
        var suppressed = lines.Where(static line => line.Contains("more lines", StringComparison.Ordinal)).Sum(static line => int.Parse(line.Split(' ')[0]));
        Assert.Equal(3_000, suppressed + lines.Count(static line => line.StartsWith("line ", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_error_of_the_framework_for_a_slow_body_is_not_logged()
    {
        var kept = new Kept();
        using (var logs = new ThrottledLogs(kept))
        {
            logs.CreateLogger("Microsoft.AspNetCore.Server.Kestrel").Log(
                LogLevel.Error, new EventId(67, "RequestBodyDrainBodyReaderInvalidState"), 0, new InvalidOperationException(), static (_, _) => "draining failed");
        }

        Assert.Empty(kept.Lines);
    }

    [Theory]
    [InlineData("Http2QueueOperationsExceeded")]
    [InlineData("Http2FlowControlQueueOperationsExceeded")]
    public void A_connection_that_was_ended_for_its_resets_is_a_warning_without_an_exception(string name)
    {
        var kept = new Kept();
        using (var logs = new ThrottledLogs(kept))
        {
            logs.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Http2").Log(
                LogLevel.Critical, new EventId(60, name), 0, new InvalidOperationException(), static (_, exception) => $"exceeded{exception?.Message}");
        }

        Assert.Equal(["exceeded"], kept.Lines);
        Assert.Equal([LogLevel.Warning], kept.Levels);
    }

    [Fact]
    public void Another_critical_line_of_the_framework_stays_critical()
    {
        var kept = new Kept();
        using (var logs = new ThrottledLogs(kept))
        {
            logs.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Http2").Log(
                LogLevel.Critical, new EventId(61, "Http2UnexpectedDataRemaining"), 0, new InvalidOperationException("why"), static (_, exception) => exception!.Message);
        }

        Assert.Equal(["why"], kept.Lines);
        Assert.Equal([LogLevel.Critical], kept.Levels);
    }

    private sealed class Kept : ILoggerProvider, ILogger
    {
        private readonly List<string> lines = [];

        public List<string> Lines
        {
            get
            {
                lock (lines)
                    return [.. lines];
            }
        }

        public List<LogLevel> Levels { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add(formatter(state, exception));
                Levels.Add(logLevel);
            }
        }

        public void Dispose()
        {
            // It keeps nothing open.
        }
    }
}
