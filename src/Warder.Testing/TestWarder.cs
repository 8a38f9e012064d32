using System.Security.Cryptography;
using System.Text;
using Warder.Client;
using Warder.Client.Replicas;
using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Testing;

/// <summary>
/// A verifier for tests of applications. It decides about the keys that it has issued, by the same function as Warder's servers and
/// verifiers. It needs no server, and produces the same ids, secrets and decisions in each run.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class TestWarder : IWarderVerifier
{
    /// <summary>The prefix of the verifier's keys.</summary>
    public const string KeyPrefix = "wdr_test";

    private const int OnlyEnvironment = 0;
    private static readonly AcceptedTokenFormats Formats = new(KeyPrefix, []);
    private static readonly TimeSpan EndlessLease = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly RepeatableEntropy entropy = new();
    private readonly Dictionary<string, TestKey> keys = new(StringComparer.Ordinal);
    private readonly HashSet<Owner> ended = [];
    private readonly HashSet<Owner> inactive = [];
    private bool isAvailable = true;
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The verifier's time. It begins at 2026-01-01T00:00:00Z, and only <see cref="Advance"/> moves it.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (gate)
                return now;
        }
    }

    /// <summary>Whether the verifier can decide. False simulates an outage of Warder: each decision is <c>unavailable</c>.</summary>
    public bool IsAvailable
    {
        get
        {
            lock (gate)
                return isAvailable;
        }

        set
        {
            lock (gate)
                isAvailable = value;
        }
    }

    /// <inheritdoc/>
    public VerifierHealth Health
    {
        get
        {
            lock (gate)
            {
                return isAvailable
                    ? new VerifierHealth(
                        VerifierState.Ready, Node: null, EndlessLease, AppliedSequence: 0, Lag: TimeSpan.Zero, keys.Count, Problem: null)
                    : new VerifierHealth(
                        VerifierState.Disconnected, Node: null, TimeSpan.Zero, AppliedSequence: 0, Lag: TimeSpan.MaxValue, keys.Count,
                        "The test has made it unavailable.");
            }
        }
    }

    /// <summary>Issues an organization's key.</summary>
    /// <param name="permissions">The permissions to grant.</param>
    public TestKey IssueKey(params IEnumerable<string> permissions) => IssueKey(new TestKeyRequest { Permissions = [.. permissions] });

    /// <summary>Issues a key.</summary>
    /// <param name="request">The key.</param>
    public TestKey IssueKey(TestKeyRequest request)
    {
        var organization = IdOf(IdKind.Organization, request.Organization);
        Owner owner = request.User is { } user
            ? new MemberOwner(organization, IdOf(IdKind.User, user))
            : new OrganizationOwner(organization);
        lock (gate)
        {
            var id = Id.New(IdKind.ApiKey, TimeOf(now), entropy);
            var key = new TestKey(this, id, TokenFormat.Issue(KeyPrefix, entropy).Reveal(), owner, request, now);
            keys.Add(key.Value, key);
            return key;
        }
    }

    /// <summary>Advances the verifier's time, by which keys expire.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time span is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        lock (gate)
            now += time;
    }

    /// <inheritdoc/>
    public bool TryValidate(ReadOnlySpan<char> value, RequiredPermissions permissions, out KeyDecision decision, long atLeast = 0)
    {
        lock (gate)
        {
            decision = new KeyDecision(Decide(value.ToString(), permissions));
            return isAvailable;
        }
    }

    /// <inheritdoc/>
    public ValueTask<KeyDecision> ValidateAsync(
        SecretString value, RequiredPermissions? permissions = null, long atLeast = 0, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TryValidate(value.Reveal(), permissions ?? RequiredPermissions.None, out var decision, atLeast);
        return new ValueTask<KeyDecision>(decision);
    }

    internal void Change(Action change)
    {
        lock (gate)
            change();
    }

    internal void SetInactive(MemberOwner member, bool isInactive)
    {
        lock (gate)
            _ = isInactive ? inactive.Add(member) : inactive.Remove(member);
    }

    internal void End(Owner owner)
    {
        lock (gate)
            ended.Add(owner);
    }

    private Decision Decide(string value, RequiredPermissions permissions)
    {
        if (!isAvailable)
            return Decision.Deny(DecisionCode.Unavailable);
        if (keys.TryGetValue(value, out var key))
            return DecisionRules.Decide(
                new SubjectTable().Link(default, Load(key)), new ValidationRequest(OnlyEnvironment, permissions.Lines), TimeOf(now));
        return Decision.Deny(!Ascii.IsValid(value)
            ? DecisionCode.Malformed
            : Formats.Refuse(Encoding.ASCII.GetBytes(value)) ?? DecisionCode.NotFound);
    }

    // The key in the form that a node sends.
    private LoadedKey Load(TestKey key)
    {
        var name = Encoding.UTF8.GetBytes(key.Name);
        return new LoadedKey
        {
            AsOfSequence = 0,
            Environment = OnlyEnvironment,
            RequiredLevel = FeatureLevel.Current,
            Id = Id.Parse(IdKind.ApiKey, key.Id),
            SecretNumber = 1,
            Owner = Load(key.Owner),
            Grant = new LoadedGrant(1, [.. key.Permissions.Distinct(StringComparer.Ordinal).Select(Load)]),
            State = key.State,
            Suspended = key.IsSuspended,
            SecretEnded = false,
            ExpiresAtMilliseconds = key.ExpiresAt?.ToUnixTimeMilliseconds() ?? KeyEntry.Never,
            SecretEndsAtMilliseconds = KeyEntry.Never,
            CreatedAtMilliseconds = key.CreatedAt.ToUnixTimeMilliseconds(),
            UpdatedAtMilliseconds = key.CreatedAt.ToUnixTimeMilliseconds(),
            LastUsedAtMilliseconds = KeyEntry.Never,
            Text = [.. name, .. Encoding.UTF8.GetBytes(TokenFormat.Obfuscate(new SecretString(key.Value)))],
            NameLength = name.Length,
        };
    }

    private Owner<LoadedOrganization, LoadedMembership> Load(Owner owner)
    {
        var organization = new LoadedOrganization(
            Id.Parse(IdKind.Organization, owner.OrganizationId), ended.Contains(new OrganizationOwner(owner.OrganizationId)));
        return owner is MemberOwner member
            ? Owner<LoadedOrganization, LoadedMembership>.OfMember(organization, Load(member))
            : Owner<LoadedOrganization, LoadedMembership>.OfOrganization(organization);
    }

    private LoadedMembership Load(MemberOwner member) => new(
        BodyOf(IdKind.Membership, member.OrganizationId + member.UserId),
        ended.Contains(member) ? MembershipStatus.Ended : inactive.Contains(member) ? MembershipStatus.Inactive : MembershipStatus.Active,
        Id.Parse(IdKind.User, member.UserId),
        UserEnded: false,
        new LoadedRole(BodyOf(IdKind.Role, "member"), Permissions: null));

    private static LoadedPermission Load(string slug)
        => new(BodyOf(IdKind.Permission, slug), Encoding.UTF8.GetBytes(slug), OwnerTypes.All, Ended: false);

    // Equal in each run.
    private static string IdOf(IdKind kind, string idOrName) => Id.Is(kind, idOrName) ? idOrName : Id.Of(kind, idOrName);

    private static UInt128 BodyOf(IdKind kind, string name) => Id.Parse(kind, Id.Of(kind, name));

    private static Instant TimeOf(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    // Predictable entropy, for secrets that are valid in tests only.
    private sealed class RepeatableEntropy : Entropy
    {
        private int drawn;

        public override void Fill(Span<byte> destination)
        {
            for (var filled = 0; filled < destination.Length; filled += SHA256.HashSizeInBytes)
            {
                var block = SHA256.HashData(BitConverter.GetBytes(drawn++));
                block.AsSpan(0, Math.Min(block.Length, destination.Length - filled)).CopyTo(destination[filled..]);
            }
        }
    }
}
