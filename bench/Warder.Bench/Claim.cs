namespace Warder.Bench;

/// <summary>One line of the table: a published claim, and what came of it.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Measured">The ratio; or what the unit says.</param>
/// <param name="Bar">What it must reach; null: only told.</param>
/// <param name="Aim">Where it should end.</param>
internal sealed record Row(string Text, double Measured, double? Bar = null, double? Aim = null)
{
    /// <summary>Whether the bar is a floor (throughput) and not a ceiling (cost).</summary>
    public bool Floor { get; init; }

    /// <summary>What it is counted in; a ratio by itself.</summary>
    public string Unit { get; init; } = "×";

    /// <summary>Absolute figures, as colour.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether the bar was missed.</summary>
    public bool Missed => Bar is { } bar && !Reaches(bar);

    /// <summary>What the last column says.</summary>
    public string Verdict => Bar is null ? "" : Missed ? "MISSED" : Aim is { } aim && Reaches(aim) ? "met, aim too" : "met";

    /// <summary>A figure as the table shows it.</summary>
    public string Show(double? value) => value is not { } number ? "" : (Floor ? "≥ " : "≤ ") + Format(number);

    /// <summary>What was measured, as the table shows it.</summary>
    public string ShowMeasured => Format(Measured);

    private bool Reaches(double mark) => Floor ? Measured >= mark : Measured <= mark;

    private string Format(double number)
        => (number >= 100 ? number.ToString("0") : number >= 10 ? number.ToString("0.0") : number.ToString("0.00#")) + Unit;
}

/// <summary>One thing that is measured. It says what it found, one row for each claim that it settles.</summary>
internal abstract class Claim
{
    /// <summary>What it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it is measured only when it is named: it needs programs of others, and fetches some.</summary>
    public virtual bool OnRequest => false;

    /// <summary>Measures.</summary>
    public abstract IEnumerable<Row> Measure(Bench bench);
}
