using Warder.Cli.Output;
using Warder.Core.Time;

namespace Warder.Cli.Shells;

/// <summary>The world outside the process, as an argument: streams, environment, clock.</summary>
internal sealed class Shell
{
    /// <summary>For what was asked for.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For what went wrong, and for progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where <c>-</c> reads from.</summary>
    public required Stream In { get; init; }

    /// <summary>Whether people read <see cref="Out"/>: then tables have borders and colours.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>Whether people read <see cref="Error"/>: then progress is shown.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether a person types <see cref="In"/>: then it is said what is waited for.</summary>
    public bool IsInTerminal { get; init; }

    /// <summary>Where relative paths begin.</summary>
    public required string Directory { get; init; }

    /// <summary>Looks up an environment variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>What time it is.</summary>
    public required Func<Instant> Now { get; init; }

    /// <summary>Writes JSON and a line end: as it is to programs, with escapes for what a terminal acts upon to people.</summary>
    public void WriteJson(string json)
    {
        // A carriage return outside of strings is a blank; in a string it is an escape already.
        Out.WriteLine(IsOutTerminal ? Printable.Json(json.Replace('\r', ' ')) : json);
    }

    /// <summary>The real one.</summary>
    public static Shell OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.OpenStandardInput(),
        IsOutTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        IsInTerminal = !Console.IsInputRedirected,
        Directory = Environment.CurrentDirectory,
        Variable = Environment.GetEnvironmentVariable,
        Now = Clock.System.Now,
    };
}
