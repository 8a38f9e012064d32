using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging;

namespace Warder.Server.Telemetry;

/// <summary>
/// The levels of log lines, as the framework's logging reads them: Warder's defaults; over them the levels of the options; over them the
/// environment variables <c>Logging__LogLevel__CATEGORY</c>.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LogLevels : ConfigurationProvider, IConfigurationSource
{
    /// <summary>The section of the framework's logging.</summary>
    public const string Section = "Logging";

    private const string Levels = Section + ":LogLevel:";
    private const string VariablePrefix = Section + "__";

    private static readonly Dictionary<string, string?> Defaults = new()
    {
        [Levels + "Default"] = nameof(LogLevel.Information),
        [Levels + "Microsoft"] = nameof(LogLevel.Warning),
        [Levels + "System"] = nameof(LogLevel.Warning),
    };

    /// <summary>Sets the levels of the options: a level for each category.</summary>
    public LogLevels(IReadOnlyDictionary<string, string> levels) => Data = Of(levels);

    /// <summary>Replaces the levels of the options while the server runs.</summary>
    public void Replace(IReadOnlyDictionary<string, string> levels)
    {
        Data = Of(levels);
        OnReload();
    }

    /// <summary>Builds the configuration of the framework's logging.</summary>
    /// <exception cref="ArgumentException">A level does not exist; the message names its category.</exception>
    public IConfigurationSection Build(IDictionary environment)
    {
        var variables = new Dictionary<string, string?>();
        foreach (DictionaryEntry entry in environment)
        {
            if (entry.Key is string name && name.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase))
                variables[name.Replace("__", ":", StringComparison.Ordinal)] = (string?)entry.Value;
        }

        var root = new ConfigurationBuilder()
            .Add(new MemoryConfigurationSource { InitialData = Defaults })
            .Add(this)
            .Add(new MemoryConfigurationSource { InitialData = variables })
            .Build();
        var section = root.GetSection(Section);
        foreach (var (key, level) in section.AsEnumerable(makePathsRelative: true))
        {
            if (level is not null && key.Contains("LogLevel", StringComparison.OrdinalIgnoreCase))
                Require(key, level);
        }

        return section;
    }

    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Checks the level of a category.</summary>
    /// <exception cref="ArgumentException">There is no such level.</exception>
    public static void Require(string category, string level)
    {
        if (!Enum.GetNames<LogLevel>().Contains(level, StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException(
                $"{Section}:{category}: \"{level}\" is no level. The levels are {string.Join(", ", Enum.GetNames<LogLevel>())}.");
    }

    private static Dictionary<string, string?> Of(IReadOnlyDictionary<string, string> levels)
        => levels.ToDictionary(static pair => Levels + pair.Key, static pair => (string?)pair.Value, StringComparer.OrdinalIgnoreCase);
}
