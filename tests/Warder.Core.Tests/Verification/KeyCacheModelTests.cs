using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using LoadedOwner = Warder.Core.Directory.Owner<Warder.Core.Verification.LoadedOrganization, Warder.Core.Verification.LoadedMembership>;

namespace Warder.Core.Tests.Verification;

/// <summary>
/// Slow reads, late applications, evictions and flushes in any order, against a store that remembers each of its versions.
/// </summary>
public sealed class KeyCacheModelTests
{
    private const int Keys = 8, Members = 4, Users = 3, Organizations = 2, Roles = 3, Permissions = 4;
    private static readonly UInt128 Base = (UInt128)1 << 100;

    private sealed record World(
        long Sequence, bool[] OrganizationEnded, bool[] UserEnded, (MembershipStatus Status, int Role)[] Member, HashSet<int>?[] Role, OwnerTypes[] Allowed,
        (KeyState State, bool Suspended, int Grant)[] Key)
    {
        public World Next() => this with
        {
            Sequence = Sequence + 1, OrganizationEnded = [.. OrganizationEnded], UserEnded = [.. UserEnded], Member = [.. Member], Role = [.. Role],
            Allowed = [.. Allowed], Key = [.. Key],
        };
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void Once_every_change_is_applied_memory_says_what_the_store_says(int capacity)
    {
        for (var seed = 0; seed < 400; seed++)
            Run(new Random(seed), capacity, seed);
    }

    private static void Run(Random random, int capacity, int seed)
    {
        var cache = new KeyCache(Entropy.System, capacity);
        var worlds = new List<World>
        {
            new(0, new bool[Organizations], new bool[Users], [.. Enumerable.Range(0, Members).Select(i => (MembershipStatus.Active, i % Roles))],
                [null, [0, 1], []], [.. Enumerable.Repeat(OwnerTypes.All, Permissions)], [.. Enumerable.Range(0, Keys).Select(i => (KeyState.Live, false, i % 3))]),
        };
        var pending = new Queue<(long Sequence, CacheDelta[] CacheDeltas)>();
        var reads = new List<LoadedKey>();
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    pending.Enqueue(Change(random, worlds));
                    break;
                case 1 or 2:
                    reads.Add(Load(worlds[^1], random.Next(Keys)));
                    break;
                case 3 when reads.Count > 0:
                    var at = random.Next(reads.Count);
                    cache.DecideLoaded(Tag(reads[at].Id), reads[at], Request, new Instant(0));
                    reads.RemoveAt(at);
                    break;
                case 4 when random.Next(20) == 0:
                    cache.Flush(worlds[^1].Sequence);
                    pending.Clear();
                    break;
                default:
                    if (pending.TryDequeue(out var change))
                        cache.Apply(change.Sequence, change.CacheDeltas);
                    break;
            }

            if (pending.Count == 0)
                Compare(cache, worlds[^1], $"seed {seed}, step {step}");
        }
    }

    private static ValidationRequest Request => new(1, default);

    private static void Compare(KeyCache cache, World world, string where)
    {
        for (var i = 0; i < Keys; i++)
        {
            var key = Load(world, i);
            if (!cache.TryDecide(Tag(key.Id), Request, new Instant(0), out var known))
                continue;
            var fresh = new KeyCache(Entropy.System, 1);
            fresh.Flush(world.Sequence);
            var said = fresh.DecideLoaded(Tag(key.Id), key, Request, new Instant(0));
            Assert.True(known.Code == said.Code && known.Effective == said.Effective, $"{where}: key {i}: memory {known.Code}, store {said.Code}");
        }
    }

    private static (long Sequence, CacheDelta[] CacheDeltas) Change(Random random, List<World> worlds)
    {
        var next = worlds[^1].Next();
        worlds.Add(next);
        CacheDelta effect;
        switch (random.Next(7))
        {
            case 0:
                var organization = random.Next(Organizations);
                next.OrganizationEnded[organization] = true;
                effect = new CacheDelta(CacheDeltaKind.OrganizationEnded, Text(IdKind.Organization, organization));
                break;
            case 1:
                var user = random.Next(Users);
                next.UserEnded[user] = true;
                effect = new CacheDelta(CacheDeltaKind.UserEnded, Text(IdKind.User, user));
                break;
            case 2 or 3:
                var member = random.Next(Members);
                next.Member[member] = ((MembershipStatus)random.Next(3), random.Next(Roles));
                var role = next.Member[member].Role;
                effect = CacheDelta.OfMembership(
                    Text(IdKind.Membership, member), next.Member[member].Status, Text(IdKind.Role, role), next.Role[role]?.Select(p => Text(IdKind.Permission, p)));
                break;
            case 4:
                role = random.Next(Roles);
                next.Role[role] = random.Next(4) == 0 ? null : [.. Enumerable.Range(0, Permissions).Where(_ => random.Next(2) == 0)];
                effect = CacheDelta.OfRole(Text(IdKind.Role, role), next.Role[role]?.Select(p => Text(IdKind.Permission, p)));
                break;
            case 5:
                var permission = random.Next(Permissions);
                next.Allowed[permission] = (OwnerTypes)random.Next(4);
                effect = CacheDelta.OfPermission(Text(IdKind.Permission, permission), next.Allowed[permission]);
                break;
            default:
                var key = random.Next(Keys);
                next.Key[key] = ((KeyState)random.Next(3), random.Next(2) == 0, random.Next(3));
                effect = CacheDelta.OfKey(Text(IdKind.ApiKey, key));
                break;
        }

        return (next.Sequence, [effect]);
    }

    private static LoadedOrganization Organization(World world, int i) => new(Body(IdKind.Organization, i), world.OrganizationEnded[i]);

    private static LoadedKey Load(World world, int i)
    {
        var (state, suspended, grant) = world.Key[i];
        var organization = i % Organizations;
        var owner = LoadedOwner.OfOrganization(Organization(world, organization));
        if (i >= 3)
        {
            var m = i % Members;
            organization = m % Organizations;
            var (status, role) = world.Member[m];
            owner = LoadedOwner.OfMember(Organization(world, organization), new LoadedMembership(
                Body(IdKind.Membership, m), status, Body(IdKind.User, m % Users), world.UserEnded[m % Users],
                new LoadedRole(Body(IdKind.Role, role), world.Role[role]?.Select(p => Body(IdKind.Permission, p)).ToHashSet())));
        }

        int[][] grants = [[0, 1], [1, 2, 3], [3]];
        return new LoadedKey
        {
            AsOfSequence = world.Sequence, RequiredLevel = 1,
            Environment = 1, Id = Body(IdKind.ApiKey, i), SecretNumber = 1, Owner = owner,
            Grant = new LoadedGrant(grant + 1, [.. grants[grant].Select(p => new LoadedPermission(Body(IdKind.Permission, p), [(byte)('a' + p)], world.Allowed[p], false))]),
            State = state, Suspended = suspended, SecretEnded = false, ExpiresAtMilliseconds = KeyEntry.Never, SecretEndsAtMilliseconds = KeyEntry.Never,
            CreatedAtMilliseconds = 0, UpdatedAtMilliseconds = 0, LastUsedAtMilliseconds = KeyEntry.Never, Text = [], NameLength = 0,
        };
    }

    private static UInt128 Body(IdKind kind, int i) => Base + (UInt128)(((int)kind * 1000) + i);

    private static UInt128 Tag(UInt128 id) => id * 0x9E3779B97F4A7C15;

    private static string Text(IdKind kind, int i) => Id.Format(kind, Body(kind, i));
}
