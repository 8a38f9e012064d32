using System.Text;
using Warder.Cli.Output;
using Warder.Core.Time;
using Warder.Server.Telemetry;

namespace Warder.Cli.Shells;

/// <summary>The surroundings of the process as an argument: streams, environment, clock.</summary>
internal sealed class Shell
{
    /// <summary>Standard output, for results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>The output of a server's log; null: <see cref="Console.Out"/>.</summary>
    public Stream? Log { get; init; }

    /// <summary>Standard error, for errors and progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input, which <c>-</c> reads.</summary>
    public required Stream In { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal: then tables have borders and colours.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal: then commands show progress.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether <see cref="In"/> is a terminal: then commands prompt for input.</summary>
    public bool IsInTerminal { get; init; }

    /// <summary>Reads a line of at most so many characters without showing it; null where there is no terminal to read from.</summary>
    public Func<int, string>? ReadHidden { get; init; }

    /// <summary>The working directory, from which relative paths start.</summary>
    public required string Directory { get; init; }

    /// <summary>Looks up an environment variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Returns the current time.</summary>
    public required Func<Instant> Now { get; init; }

    /// <summary>Writes JSON and a line end. A terminal gets escapes for characters that would control it.</summary>
    public void WriteJson(string json)
    {
        // In JSON, a carriage return outside of strings is white space. Inside a string it is an escape.
        Out.WriteLine(IsOutTerminal ? Printable.Json(json.Replace('\r', ' ')) : json);
    }

    /// <summary>Creates the shell of this process.</summary>
    public static Shell OfProcess() => new()
    {
        Out = Console.Out,
        Log = StandardOutput.Open(),
        Error = Console.Error,
        In = Console.OpenStandardInput(),
        IsOutTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        IsInTerminal = !Console.IsInputRedirected,
        ReadHidden = Console.IsInputRedirected ? null : HiddenLine,
        Directory = Environment.CurrentDirectory,
        Variable = Environment.GetEnvironmentVariable,
        Now = Clock.System.Now,
    };

    private static string HiddenLine(int maxLength)
    {
        const char endOfInput = '\u0004';
        var line = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter && key.KeyChar is not ('\n' or endOfInput))
        {
            if (key.Key == ConsoleKey.Backspace)
                line.Length = Math.Max(0, line.Length - 1);
            else if (key.KeyChar != 0 && line.Length < maxLength)
                line.Append(key.KeyChar);
        }

        return line.ToString();
    }
}
