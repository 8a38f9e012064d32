using System.Globalization;

namespace Warder.Cedar.Fuzz;

/// <summary>The options of the command line.</summary>
internal sealed record RunOptions
{
    public const string Usage = """
        Warder.Cedar.Fuzz: gives what it makes by chance to our engine and to the official one, and compares.
          --requests N   until at least so many requests were decided (100,000)
          --seed S       which worlds: the same ones for the same number (1)
          --world W      one world, by the number that a difference is reported with
          --stop N       after so many differences (5)
        Exits with 1 when there was a difference, or something was never generated.
        """;

    public long Requests { get; init; } = 100_000;

    public int Seed { get; init; } = 1;

    public int? World { get; init; }

    public int Stop { get; init; } = 5;

    /// <summary>Parses a command line; null for an unknown option.</summary>
    public static RunOptions? Parse(string[] arguments)
    {
        var options = new RunOptions();
        try
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                options = arguments[i] switch
                {
                    "--requests"
                        => options with { Requests = (long)double.Parse(arguments[++i], NumberStyles.Float, CultureInfo.InvariantCulture) },
                    "--seed" => options with { Seed = Number(arguments[++i]) },
                    "--world" => options with { World = Number(arguments[++i]) },
                    "--stop" => options with { Stop = Number(arguments[++i]) },
                    _ => throw new FormatException(),
                };
            }
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or OverflowException)
        {
            return null;
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
