namespace Warder.Bench;

/// <summary>One line of the table: a published claim, and its measurement.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Measured">The ratio, or a figure in the given unit.</param>
/// <param name="Bar">The value to reach; null: reported only.</param>
/// <param name="Aim">The long-term goal.</param>
internal sealed record Row(string Text, double Measured, double? Bar = null, double? Aim = null)
{
    /// <summary>Whether the bar is a floor (throughput) and not a ceiling (cost).</summary>
    public bool Floor { get; init; }

    /// <summary>The unit; a ratio by default.</summary>
    public string Unit { get; init; } = "×";

    /// <summary>Absolute figures, for context.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether the bar was missed.</summary>
    public bool Missed => Bar is { } bar && !Reaches(bar);

    /// <summary>The text of the last column.</summary>
    public string Verdict => Bar is null ? "" : Missed ? "MISSED" : Aim is { } aim && Reaches(aim) ? "met, aim too" : "met";

    /// <summary>Formats a figure for the table.</summary>
    public string Show(double? value) => value is not { } number ? "" : (Floor ? "≥ " : "≤ ") + Format(number);

    /// <summary>Formats the measured value for the table.</summary>
    public string ShowMeasured => Format(Measured);

    private bool Reaches(double mark) => Floor ? Measured >= mark : Measured <= mark;

    private string Format(double number)
        => (number >= 100 ? number.ToString("0") : number >= 10 ? number.ToString("0.0") : number.ToString("0.00#")) + Unit;
}

/// <summary>A measurement, which yields one row for each of its claims.</summary>
internal abstract class Claim
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it runs only when it is named: it needs third-party programs, and fetches some.</summary>
    public virtual bool OnRequest => false;

    /// <summary>Measures.</summary>
    public abstract IEnumerable<Row> Measure(Bench bench);
}
