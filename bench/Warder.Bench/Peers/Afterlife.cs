namespace Warder.Bench.Peers;

/// <summary>What became of one key after the call that ended it had returned.</summary>
/// <param name="Milliseconds">From the return to the beginning of the last validation that was allowed; 0 when none was.</param>
/// <param name="Begun">Validations that began after the return.</param>
/// <param name="Allowed">How many of those were allowed.</param>
/// <param name="Unavailable">And how many had no answer but that there can be none now.</param>
/// <param name="Refused">Whether every node refused it when it was asked for the last time.</param>
/// <param name="CallMilliseconds">How long the call took.</param>
internal readonly record struct Afterlife(double Milliseconds, int Begun, int Allowed, int Unavailable, bool Refused, double CallMilliseconds);

/// <summary>What became of many keys.</summary>
/// <param name="Lives">Of each.</param>
/// <param name="Alive">How many of them were good when all was done.</param>
/// <param name="Took">How long it all took.</param>
internal sealed record Afterlives(IReadOnlyList<Afterlife> Lives, int Alive, TimeSpan Took)
{
    /// <summary>Per cent of the keys that were allowed by a validation that began after the return.</summary>
    public double OutlivedPercent => 100.0 * Lives.Count(life => life.Allowed > 0) / Lives.Count;

    /// <summary>The figures behind it.</summary>
    public string Note
    {
        get
        {
            var lived = Lives.Select(life => life.Refused ? life.Milliseconds : double.PositiveInfinity).Order().ToList();
            var text = $"{Lives.Count} keys; lived on for min {Show(lived[0])}, p50 {Show(At(0.5))}, p99 {Show(At(0.99))}, max {Show(lived[^1])};"
                + $" {Lives.Sum(life => life.Allowed):N0} of {Lives.Sum(life => life.Begun):N0} validations begun after the answer were allowed;"
                + $" the answer took {Lives.Select(life => life.CallMilliseconds).Median():0.00} ms";
            if (Lives.Sum(life => life.Unavailable) is > 0 and var unavailable)
                text += $"; {unavailable:N0} were answered \"unavailable\"";
            return Alive == 0 ? text : $"{text}; {Alive} keys were still good when all was done, up to {Took.TotalSeconds:0} s later";

            double At(double share) => lived[(int)Math.Ceiling(share * lived.Count) - 1];
        }
    }

    private static string Show(double milliseconds) => double.IsInfinity(milliseconds) ? "no end" : $"{milliseconds:0.00} ms";
}
