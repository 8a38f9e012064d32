using System.Globalization;

namespace Warder.Faults;

/// <summary>The options of the command line.</summary>
internal sealed record RunOptions
{
    public const string Usage = """
        Warder.Faults: validates and changes keys on several nodes while all kinds of things go wrong, and checks what was answered.
          --validations N   at least so many (100,000)
          --faults N        at least so many (10)
          --minutes M       over about this time (1)
          --local N         at least so many besides in applications, from their own memory (as --validations; 0 without replicas)
          --nodes N         nodes that are there all the time, beside one that comes and goes (3); 1 with --embedded
          --embedded        one node on its embedded database, without PostgreSQL
          --replicas N      applications that validate in their own process (2)
          --attackers       hostile replicas too, in the place of faults of applications: kinds of faults that begin with "attack"
          --only TEXT       only the kinds of faults that have this in their name; may be repeated
          --seed S          what goes wrong, and what is changed, in which order (1)
          --server PATH     what is run as a node, with the arguments of warder serve
          --application PATH  what is run as an application, with the arguments of Warder.Application
          --keep            keeps the directory of the run, also when nothing is wrong
        Exits with 1 when a promise was broken, or the run shows less than it should.
        """;

    private readonly long? local;

    public long Validations { get; init; } = 100_000;

    public int Faults { get; init; } = 10;

    public double Minutes { get; init; } = 1;

    /// <summary>The number of answers that must come from applications' own memory.</summary>
    public long Local
    {
        get => Replicas == 0 ? 0 : local ?? Validations;
        init => local = value;
    }

    public int Nodes { get; init; } = 3;

    public int Replicas { get; init; } = 2;

    public bool Embedded { get; init; }

    /// <summary>Whether attacks by hostile replicas are among the faults.</summary>
    public bool Attackers { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    public int Seed { get; init; } = 1;

    public string Server { get; init; } = Built("Warder.Cli", "warder");

    public string Application { get; init; } = Built("Warder.Application", "Warder.Application");

    public bool Keep { get; init; }

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
                    "--validations" => options with { Validations = (long)Number(arguments[++i]) },
                    "--local" => options with { Local = (long)Number(arguments[++i]) },
                    "--faults" => options with { Faults = (int)Number(arguments[++i]) },
                    "--minutes" => options with { Minutes = Number(arguments[++i]) },
                    "--nodes" => options with { Nodes = (int)Number(arguments[++i]) },
                    "--replicas" => options with { Replicas = (int)Number(arguments[++i]) },
                    "--embedded" => options with { Embedded = true, Nodes = 1 },
                    "--attackers" => options with { Attackers = true },
                    "--only" => options with { Only = [.. options.Only, arguments[++i]] },
                    "--seed" => options with { Seed = (int)Number(arguments[++i]) },
                    "--server" => options with { Server = Path.GetFullPath(arguments[++i]) },
                    "--application" => options with { Application = Path.GetFullPath(arguments[++i]) },
                    "--keep" => options with { Keep = true },
                    _ => throw new FormatException(),
                };
            }
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException)
        {
            return null;
        }

        return options;
    }

    // artifacts/bin/Warder.Faults/release/ → artifacts/bin/PROJECT/release/NAME
    private static string Built(string project, string name)
        => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../..", project, "release", name));

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
