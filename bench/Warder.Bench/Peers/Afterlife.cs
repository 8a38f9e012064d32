namespace Warder.Bench.Peers;

/// <summary>Validations of one key after the call that ended it had returned.</summary>
/// <param name="Milliseconds">The time from the return to the beginning of the last allowed validation; 0 when none was allowed.</param>
/// <param name="Begun">The number of validations that began after the return.</param>
/// <param name="Allowed">The number of those that were allowed.</param>
/// <param name="Unavailable">The number of those whose answer was that the server is unavailable.</param>
/// <param name="Refused">Whether every node refused the key in its last validation.</param>
/// <param name="CallMilliseconds">The duration of the call.</param>
internal readonly record struct Afterlife(
    double Milliseconds, int Begun, int Allowed, int Unavailable, bool Refused, double CallMilliseconds);

/// <summary>Validations of many keys after their endings.</summary>
/// <param name="Lives">The result of each key.</param>
/// <param name="Alive">The number of keys that were good at the end of the run.</param>
/// <param name="Took">The duration of the run.</param>
internal sealed record Afterlives(IReadOnlyList<Afterlife> Lives, int Alive, TimeSpan Took)
{
    /// <summary>The percentage of keys that a validation after the return allowed.</summary>
    public double OutlivedPercent => 100.0 * Lives.Count(life => life.Allowed > 0) / Lives.Count;

    /// <summary>The underlying figures.</summary>
    public string Note
    {
        get
        {
            var lived = Lives.Select(life => life.Refused ? life.Milliseconds : double.PositiveInfinity).Order().ToList();
            var text =
                $"{Lives.Count} keys; lived on for min {Show(lived[0])}, p50 {Show(At(0.5))}, p99 {Show(At(0.99))}, max {Show(lived[^1])};"
                + $" {Lives.Sum(life => life.Allowed):N0} of {Lives.Sum(life => life.Begun):N0} validations begun after the answer were"
                + $" allowed;"
                + $" the answer took {Lives.Select(life => life.CallMilliseconds).Median():0.00} ms";
            if (Lives.Sum(life => life.Unavailable) is > 0 and var unavailable)
                text += $"; {unavailable:N0} were answered \"unavailable\"";
            return Alive == 0 ? text : $"{text}; {Alive} keys were still good when all was done, up to {Took.TotalSeconds:0} s later";

            double At(double share) => lived[(int)Math.Ceiling(share * lived.Count) - 1];
        }
    }

    private static string Show(double milliseconds) => double.IsInfinity(milliseconds) ? "no end" : $"{milliseconds:0.00} ms";
}
