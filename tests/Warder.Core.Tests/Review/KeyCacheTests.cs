using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Core.Tests.Review;

public sealed class KeyCacheTests
{
    [Fact]
    public void After_a_change_that_could_not_be_applied_and_the_flush_that_follows_memory_answers_again()
    {
        var cache = new KeyCache(Entropy.System, 100);
        Assert.Throws<FormatException>(() => cache.Apply(1, [Effect.OfKey("no id")]));
        cache.Flush(1);

        var request = new ValidationRequest(1, default);
        var key = new LoadedKey
        {
            AsOfSequence = 1, Environment = 1, Id = 7, SecretNumber = 1, OrganizationId = 8, OrganizationEnded = false, Membership = null,
            Grant = new LoadedGrant(1, []), State = KeyState.Live, Suspended = false, SecretEnded = false, ExpiresAtMilliseconds = KeyEntry.Never,
            SecretEndsAtMilliseconds = KeyEntry.Never, CreatedAtMilliseconds = 0, UpdatedAtMilliseconds = 0, LastUsedAtMilliseconds = KeyEntry.Never,
            Text = "n"u8.ToArray(), NameLength = 1,
        };
        Assert.True(cache.DecideLoaded(5, key, request, new Instant(0)).Allow);
        Assert.True(cache.TryDecide(5, request, new Instant(0), out var decision));
        Assert.True(decision.Allow);
    }
}
