using System.Text;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using LoadedOwner = Warder.Core.Directory.Owner<Warder.Core.Verification.LoadedOrganization, Warder.Core.Verification.LoadedMembership>;

namespace Warder.Bench.Data;

/// <summary>
/// A cache with keys that no store ever held: half of them organizations', half of them members' under a role that caps, with three
/// permissions each.
/// </summary>
internal sealed class MemoryKeys
{
    private const int KeysAnOrganization = 1_000;
    private const int TokenBytes = 45;
    private readonly byte[] tokens;

    /// <summary>Makes so many, in organizations of a thousand, or all in one.</summary>
    public MemoryKeys(int count, int keysAnOrganization = KeysAnOrganization)
    {
        Count = count;
        Cache = new KeyCache(Entropy.System, count + 1);
        tokens = new byte[count * TokenBytes];
        var now = Clock.System.Now();
        var grant = new LoadedGrant(1, [.. Enumerable.Range(0, 3).Select(i => Permission(i))]);
        var role = new LoadedRole(NewId(), grant.Permissions.Select(permission => permission.Id).ToHashSet());
        UInt128 organization = default;
        LoadedMembership member = null!;
        for (var i = 0; i < count; i++)
        {
            if (i % keysAnOrganization == 0)
            {
                organization = NewId();
                member = new LoadedMembership(NewId(), MembershipStatus.Active, NewId(), false, role);
                LastOrganization = organization;
            }

            Encoding.ASCII.GetBytes(TokenFormat.Issue("wdr_live", Entropy.System).Reveal(), tokens.AsSpan(i * TokenBytes, TokenBytes));
            var loaded = Loaded(i % 2 == 0 ? LoadedOwner.OfOrganization(new(organization, false)) : LoadedOwner.OfMember(new(organization, false), member), grant, now);
            Cache.DecideLoaded(Cache.TagOf(Token(i), 1), loaded, new ValidationRequest(1, default), now);
        }

        // The uses that filling it noted would otherwise never be noted anew, nor written.
        Cache.Usage.Take();
    }

    public KeyCache Cache { get; }

    public int Count { get; }

    public UInt128 LastOrganization { get; }

    public ReadOnlySpan<byte> Token(int index) => tokens.AsSpan(index * TokenBytes, TokenBytes);

    private static LoadedPermission Permission(int i)
        => new(NewId(), Encoding.ASCII.GetBytes($"posts:verb{i}"), OwnerTypes.Organization | OwnerTypes.User, false);

    private static UInt128 NewId() => System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(Entropy.System.Bytes(16)) >> 4;

    private static LoadedKey Loaded(LoadedOwner owner, LoadedGrant grant, Instant now) => new()
    {
        RequiredLevel = FeatureLevel.First,
        AsOfSequence = 0,
        Environment = 1,
        Id = NewId(),
        SecretNumber = 1,
        Owner = owner,
        Grant = grant,
        State = KeyState.Live,
        Suspended = false,
        SecretEnded = false,
        ExpiresAtMilliseconds = KeyEntry.Never,
        SecretEndsAtMilliseconds = KeyEntry.Never,
        CreatedAtMilliseconds = now.UnixMilliseconds,
        UpdatedAtMilliseconds = now.UnixMilliseconds,
        LastUsedAtMilliseconds = KeyEntry.Never,
        Text = Encoding.ASCII.GetBytes("Nightly exportwdr_live_...3456"),
        NameLength = "Nightly export".Length,
    };
}
