using Warder.Core.Keys;
using Warder.Core.Verification;
using LoadedOwner = Warder.Core.Directory.Owner<Warder.Core.Verification.LoadedOrganization, Warder.Core.Verification.LoadedMembership>;

namespace Warder.Core.Tests.Verification;

public sealed class KeyChainsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Chains_hold_what_was_added_and_not_removed(int seed)
    {
        var random = new Random(seed);
        var chains = new KeyChains();
        var model = new Dictionary<UInt128, List<KeyEntry>>();
        for (var step = 0; step < 20_000; step++)
        {
            // Ids whose last bits collide often, so that chains of slots run into each other and around the end.
            var id = new UInt128((ulong)random.Next(40), (ulong)random.Next(24));
            var held = model.TryGetValue(id, out var list) ? list : model[id] = [];
            switch (random.Next(5))
            {
                case 0 or 1:
                    var added = Entry(id);
                    chains.Add(added);
                    held.Add(added);
                    break;
                case 2 or 3 when held.Count > 0:
                    var removed = held[random.Next(held.Count)];
                    Assert.True(chains.Remove(removed));
                    Assert.False(chains.Remove(removed));
                    held.Remove(removed);
                    break;
                default:
                    Assert.Equal(held.AsEnumerable().Reverse(), Chain(chains.Remove(id)));
                    held.Clear();
                    break;
            }
        }

        foreach (var (id, held) in model)
            Assert.Equal(held.AsEnumerable().Reverse(), Chain(chains.Remove(id)));
    }

    private static List<KeyEntry> Chain(KeyEntry? first)
    {
        var chain = new List<KeyEntry>();
        for (var each = first; each is not null; each = each.NextOfKey)
            chain.Add(each);
        return chain;
    }

    private static KeyEntry Entry(UInt128 id)
    {
        var grant = new LoadedGrant(1, []);
        var loaded = new LoadedKey
        {
            AsOfSequence = 0, RequiredLevel = 1,
            Environment = 1, Id = id, SecretNumber = 1, Owner = LoadedOwner.OfOrganization(new(1, false)), Grant = grant,
            State = KeyState.Live, Suspended = false, SecretEnded = false, ExpiresAtMilliseconds = KeyEntry.Never,
            SecretEndsAtMilliseconds = KeyEntry.Never, CreatedAtMilliseconds = 0, UpdatedAtMilliseconds = 0, LastUsedAtMilliseconds = KeyEntry.Never,
            Text = [], NameLength = 0,
        };
        return new SubjectTable().Link(id, loaded);
    }
}
