using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Core.Tests.Verification;

/// <summary>A decision from beside an entry equals the decision from the entry, for every key at every time.</summary>
public sealed class HorizonTests
{
    private const long Unit = 1 << 16;

    private static readonly long[] Ends = [
        long.MinValue, -1, 0, 1, Unit - 1, Unit, Unit + 1, 1_000 * Unit, (1_000 * Unit) + 5, uint.MaxValue * Unit,
        (uint.MaxValue * Unit) + 1, KeyEntry.Never - 1, KeyEntry.Never];

    [Fact]
    public void The_decision_is_the_same_with_it_and_without()
    {
        var (decided, spared) = (0, 0);
        foreach (var entry in Entries())
        {
            var horizon = Horizon.Of(entry);
            foreach (var now in Ends.SelectMany(static end => new[] { end - 1, end, end + 1, end - Unit, end + Unit })
                .Select(static at => new Instant(at)))
            {
                var request = new ValidationRequest(1, "posts:read\n"u8);
                var (plain, beside) = (
                    DecisionRules.Decide(entry, request, now), DecisionRules.Decide(entry, entry.Owned, horizon, request, now));
                Assert.True(
                    plain == beside,
                    $"{entry.State}, ends {entry.ExpiresAtMilliseconds} and {entry.SecretEndsAtMilliseconds}, at {now.UnixMilliseconds}:"
                        + $" {plain.Code}, and {beside.Code} from beside it");
                decided++;
                if (horizon.IsAfter(now))
                    spared++;
            }
        }

        Assert.InRange(spared, decided / 100, decided);
    }

    [Fact]
    public void It_spares_the_entry_until_shortly_before_the_end()
    {
        foreach (var end in (long[])[1_000 * Unit, 1_800_000_000_000, KeyEntry.Never])
        {
            var horizon = Horizon.Of(Entry(new CachedWorld(), end, KeyEntry.Never, KeyState.Live, false));
            Assert.True(horizon.IsAfter(new Instant(Math.Min(end, 250_000_000_000_000) - Unit)));
            Assert.False(horizon.IsAfter(new Instant(end)));
        }
    }

    private static IEnumerable<KeyEntry> Entries()
        => from expires in Ends
           from ends in Ends
           from state in Enum.GetValues<KeyState>()
           from secretEnded in new[] { false, true }
           from world in new[] { new CachedWorld(), new CachedWorld().After(1), new CachedWorld().After(2), new CachedWorld()
               .After(4), new CachedWorld().After(10) }
           select Entry(world, expires, ends, state, secretEnded);

    private static KeyEntry Entry(CachedWorld world, long expires, long ends, KeyState state, bool secretEnded)
        => new SubjectTable().Link(
            1, world.Read(0) with { ExpiresAtMilliseconds = expires, SecretEndsAtMilliseconds = ends, State = state,
                SecretEnded = secretEnded });
}
