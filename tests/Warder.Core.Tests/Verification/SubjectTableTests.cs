using Warder.Core.Verification;
using LoadedOwner = Warder.Core.Directory.Owner<Warder.Core.Verification.LoadedOrganization, Warder.Core.Verification.LoadedMembership>;

namespace Warder.Core.Tests.Verification;

/// <summary>Keys with the same owner and grant share one state, and what no key refers to any more is gone.</summary>
public sealed class SubjectTableTests
{
    [Fact]
    public void Keys_share_what_they_have_in_common_and_the_last_one_takes_it_along()
    {
        var random = new Random(5);
        var table = new SubjectTable();
        var live = new List<(LoadedKey Key, KeyEntry Entry)>();
        for (var step = 0; step < 5_000; step++)
        {
            if (random.Next(live.Count + 20) < 20)
            {
                var key = Key(random.Next(2) == 0, random.Next(6));
                live.Add((key, table.Link((UInt128)step, key)));
            }
            else
            {
                var gone = random.Next(live.Count);
                table.Unlink(live[gone].Entry);
                live.RemoveAt(gone);
            }

            foreach (var group in live.GroupBy(static each => (IsMembers: IsMembers(each.Key), each.Key.Grant.Id)))
                Assert.Single(group.Select(static each => each.Entry.Owned).Distinct());
            Assert.Equal(
                live.Select(static each => (IsMembers(each.Key), each.Key.Grant.Id)).Distinct().Count(), live.Select(static each => each.Entry.Owned).Distinct().Count());
        }

        live.ForEach(each => table.Unlink(each.Entry));
        Assert.True(table.IsEmpty);
    }

    private static bool IsMembers(LoadedKey key) => key.Owner.Match(static _ => false, static (_, _) => true);

    private static LoadedKey Key(bool isMembers, int grant)
    {
        var key = new CachedWorld().Read(0);
        return key with { Owner = isMembers ? key.Owner : LoadedOwner.OfOrganization(key.Owner.Organization), Grant = new LoadedGrant(grant, key.Grant.Permissions) };
    }
}
