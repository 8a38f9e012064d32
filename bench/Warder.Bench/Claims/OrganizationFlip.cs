using System.Diagnostics;
using Warder.Bench.Data;
using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Bench.Claims;

/// <summary>Ending an organization with 100,000 cached keys: one flip, as long as for a single key.</summary>
internal sealed class OrganizationFlip : Claim
{
    public override string Name => "organization";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var ratios = new List<double>();
        var times = new List<double>();
        Flip(new MemoryKeys(10));
        for (var round = 0; round < bench.Rounds(7); round++)
        {
            var one = Flip(new MemoryKeys(1));
            var many = Flip(new MemoryKeys(100_000, 100_000));
            ratios.Add(many / one);
            times.Add(many);
        }

        yield return new Row("organization with 100,000 cached keys ends, / with one", ratios.Median(), 5, 2)
        {
            Note = $"{times.Median():0.0} µs; both are so short that one cache miss more or less shows",
        };
    }

    private static double Flip(MemoryKeys keys)
    {
        Effect[] effects = [new(EffectKind.OrganizationEnded, Id.Format(IdKind.Organization, keys.LastOrganization))];
        var start = Stopwatch.GetTimestamp();
        keys.Cache.Apply(1, effects);
        var took = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        for (var i = 0; i < keys.Count; i += 997)
        {
            if (!keys.Cache.TryDecide(keys.Cache.TagOf(keys.Token(i), 1), new ValidationRequest(1, default), Clock.System.Now(), out var decision)
                || decision.Code != DecisionCode.Revoked)
                throw new InvalidOperationException("A key outlived its organization.");
        }

        return took;
    }
}
