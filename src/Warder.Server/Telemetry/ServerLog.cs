using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Server.Hosting;

namespace Warder.Server.Telemetry;

/// <summary>The log of a server: its levels, format and output.</summary>
internal sealed class ServerLog : IDisposable
{
    private readonly LogLevels levels;
    private readonly IConfigurationSection section;
    private readonly LogFormat format;
    private readonly LogOutput output;

    private ServerLog(LogLevels levels, IConfigurationSection section, LogFormat format, ServeOptions options)
    {
        (this.levels, this.section, this.format, HasAccessLog) = (levels, section, format, options.AccessLog);
        output = new LogOutput(format, options.LogStream);
    }

    /// <summary>Whether each request is logged.</summary>
    public bool HasAccessLog { get; }

    /// <summary>Creates the log that the options describe.</summary>
    /// <exception cref="ArgumentException">There is no such format or level.</exception>
    public static ServerLog Of(ServeOptions options)
    {
        var levels = new LogLevels(options.LogLevels);
        return new ServerLog(
            levels, levels.Build(Environment.GetEnvironmentVariables()), LogFormat.Of(options.LogFormat, Clock.System), options);
    }

    /// <summary>Makes the framework's logging write to this log.</summary>
    public void AddTo(ILoggingBuilder logging) => ThrottledLogs.AddTo(logging, output, format, section);

    /// <summary>Replaces the levels of the options.</summary>
    public void Replace(IReadOnlyDictionary<string, string> fresh) => levels.Replace(fresh);

    /// <summary>Writes the queued lines, and stops.</summary>
    public void Dispose() => output.Dispose();
}
