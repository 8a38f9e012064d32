using System.Diagnostics;
using Warder.Bench.Data;
using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;

namespace Warder.Bench.Claims;

/// <summary>Measures the ending of an organization with 100,000 cached keys: one flip.</summary>
internal sealed class OrganizationFlip : Claim
{
    public override string Name => "organization";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        Flip(new MemoryKeys(10));
        var one = Enumerable.Range(0, bench.Rounds(7)).Select(_ => Flip(new MemoryKeys(1))).ToList();
        var many = Enumerable.Range(0, bench.Rounds(7)).Select(_ => Flip(new MemoryKeys(100_000, 100_000))).ToList();
        // No bar: a flip is so short that the contents of the processor's caches decide.
        yield return new Row("organization with 100,000 cached keys ends: the flip in memory", many.Median())
        {
            Unit = " µs", Note = $"with one cached key {one.Median():0.0} µs; validations of its keys afterwards were refused",
        };
    }

    private static double Flip(MemoryKeys keys)
    {
        CacheDelta[] effects = [new(CacheDeltaKind.OrganizationEnded, Id.Format(IdKind.Organization, keys.LastOrganization))];
        var start = Stopwatch.GetTimestamp();
        keys.Cache.Apply(1, effects);
        var took = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        for (var i = 0; i < keys.Count; i += 997)
        {
            if (!keys.Cache.TryDecide(
                keys.Cache.TagOf(keys.Token(i), 1), new ValidationRequest(1, default), Clock.System.Now(), out var decision)
                || decision.Code != DecisionCode.Revoked)
                throw new InvalidOperationException("A key outlived its organization.");
        }

        return took;
    }
}
