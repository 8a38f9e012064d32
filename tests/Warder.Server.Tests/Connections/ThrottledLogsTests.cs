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
            logs.CreateLogger("Warder.Server.Nodes.Peers").Log(LogLevel.Error, default, 0, null, static (_, _) => "the node's own");
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

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
                lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
            // It keeps nothing open.
        }
    }
}
