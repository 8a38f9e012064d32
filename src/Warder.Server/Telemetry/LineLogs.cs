using Microsoft.Extensions.Logging;
using Warder.Server.Http;

namespace Warder.Server.Telemetry;

/// <summary>
/// Formats log lines and queues them. Categories of the web framework have no lines below <see cref="LogLevel.Warning"/>, and no
/// setting changes that: those lines quote paths, queries and headers, which may contain secrets.
/// </summary>
internal sealed class LineLogs(LogOutput output, LogFormat format) : ILoggerProvider
{
    private const string Framework = "Microsoft.AspNetCore";

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
        => new LineLogger(
            output, format, categoryName,
            categoryName.StartsWith(Framework, StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Trace);

    /// <summary>Does nothing: the owner of the output disposes of it, after the last line.</summary>
    public void Dispose()
    {
    }

    private sealed class LineLogger(LogOutput output, LogFormat format, string category, LogLevel least) : ILogger
    {
        private readonly bool isAccess = category == AccessLog.Category;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                output.Write(format.Line(logLevel, category, formatter(state, exception), state, exception), isAccess);
        }
    }
}
