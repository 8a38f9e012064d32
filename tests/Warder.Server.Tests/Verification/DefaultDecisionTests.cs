using System.Reflection;
using System.Runtime.CompilerServices;
using Warder.Client.Replicas;
using Warder.Contracts.Keys;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Leases;
using Warder.Core.Management;
using Warder.Core.Receipts;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Streams;
using DecisionCode = Warder.Core.Verification.DecisionCode;
using KeyStatus = Warder.Core.Verification.KeyStatus;
using OwnerTypes = Warder.Core.Directory.OwnerTypes;

namespace Warder.Server.Tests.Verification;

/// <summary>
/// A value that no code has set denies. The test lists each enum and each struct that can become a decision, with a check of its default. A
/// type in neither list fails the test.
/// </summary>
public sealed class DefaultDecisionTests
{
    private static readonly Dictionary<Type, Func<bool>> Denials = new()
    {
        [typeof(Decision)] = static () => !default(Decision).Allow && default(Decision).Code == DecisionCode.Unavailable,
        [typeof(DecisionCode)] = static ()
            => default(DecisionCode) == DecisionCode.Unavailable && Decision.CodeOf("no such code") == DecisionCode.Unavailable,
        [typeof(PermissionMask)] = static ()
            => Enumerable.Range(0, PermissionMask.Capacity).All(static i => !default(PermissionMask).Has(i)),
        [typeof(Warder.Client.KeyDecision)] = static ()
            => default(Warder.Client.KeyDecision) is { IsAllowed: false, Code: Contracts.Keys.DecisionCode.Unavailable, Key: null },
        [typeof(OwnerStanding)] = static () => default(OwnerStanding) == OwnerStanding.Ended,
        [typeof(KeyStatus)] = static () => default(KeyStatus) == KeyStatus.Revoked,
        [typeof(OwnerTypes)] = static () => default(OwnerTypes) == OwnerTypes.None,
        [typeof(Rights)] = static () => default(Rights) == Rights.None,
        [typeof(Outcome)] = static () => default(Outcome) == Outcome.Waiting,
        [typeof(ShareBound)] = static () => default(ShareBound) == ShareBound.Node,
        [typeof(WatermarkVerdict)] = static () => default(WatermarkVerdict) == WatermarkVerdict.Older,
        [typeof(VerifierState)] = static () => default(VerifierState) == VerifierState.Disconnected,
        [typeof(Owner<,>)] = static ()
            => Throws(static () => default(Owner<string, MemberIds>).Match(static _ => true, static (_, _) => true)),
        [typeof(Result<>)] = static () => Throws(static () => default(Result<bool>).Value),
        [typeof(Lease)] = static () => !new Lease().IsHeld,
        [typeof(ValidationDecision)] = static () => !Activator.CreateInstance<ValidationDecision>().Allow,
    };

    // These types name a stored, sent or counted value, and no default of theirs allows a request. The tests below cover stored numbers
    // that this version does not know.
    private static readonly HashSet<Type> Others =
    [
        typeof(KeyState), typeof(MembershipStatus), typeof(SchemeAlphabet), typeof(FaultKind), typeof(CacheDeltaKind), typeof(CacheConcern),
        typeof(CacheDelta), typeof(DomainState),
        typeof(Core.Ids.IdKind), typeof(Core.Time.Instant), typeof(LeaseTerms), typeof(Usage), typeof(Core.Queues.FairShares),
        typeof(ValidationRequest),
        typeof(Core.Verification.Tags.Found<,>), typeof(Warder.Server.Http.Bodies.BodyKind), typeof(Warder.Client.Lists.ListOrder),
        typeof(PresentedToken), typeof(Warder.Engine.Changes.AnswerKind),
    ];

    [Fact]
    public void The_default_of_every_decision_is_a_denial()
        => Assert.All(Denials, static each => Assert.True(each.Value(), $"The default of {each.Key.Name} is no denial."));

    [Fact]
    public void Every_type_that_can_be_a_decision_is_listed()
    {
        var missing = Values(typeof(Decision).Assembly, isPublic: true).Concat(Values(typeof(VerifierState).Assembly, isPublic: true))
            .Concat(Values(typeof(ShareBound).Assembly, isPublic: false).Where(static type => type.IsEnum))
            .Where(static type => !Denials.ContainsKey(type) && !Others.Contains(type));
        Assert.Empty(missing);
    }

    [Fact]
    public void A_stored_state_that_this_version_does_not_know_ends_the_key()
    {
        foreach (var state in (int[])[-1, 3, 99])
            Assert.Equal(DecisionCode.Revoked, Decide(Loaded((KeyState)state, MembershipStatus.Active)));
        foreach (var status in (int[])[-1, 3, 99])
            Assert.Equal(DecisionCode.Revoked, Decide(Loaded(KeyState.Live, (MembershipStatus)status)));
        Assert.Equal(DecisionCode.Allowed, Decide(Loaded(KeyState.Live, MembershipStatus.Active)));
    }

    [Fact]
    public void An_allow_without_a_key_is_a_denial()
    {
        Assert.False(new Decision(DecisionCode.Allowed, null, default).Allow);
        Assert.False(Decision.MadeElsewhere(DecisionCode.Allowed, null, []).Allow);
        Assert.False(Ceiling.Nothing.Type != OwnerTypes.None);
    }

    private static IEnumerable<Type> Values(Assembly assembly, bool isPublic)
        => assembly.GetTypes().Where(
            type => type.IsValueType
                && (!isPublic || type.IsPublic)
                && !type.IsNested
                && !type.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static DecisionCode Decide(LoadedKey key)
        => new KeyCache(Core.Secrets.Entropy.System, 1).DecideApart(1, key, new ValidationRequest(1, default), default).Code;

    private static LoadedKey Loaded(KeyState state, MembershipStatus status) => new()
    {
        AsOfSequence = 0,
        Environment = 1,
        RequiredLevel = FeatureLevel.First,
        Id = 1,
        SecretNumber = 1,
        Owner = Owner<LoadedOrganization, LoadedMembership>.OfMember(new(2, false), new(3, status, 4, false, new(5, null))),
        Grant = new LoadedGrant(1, []),
        State = state,
        Suspended = false,
        SecretEnded = false,
        ExpiresAtMilliseconds = KeyEntry.Never,
        SecretEndsAtMilliseconds = KeyEntry.Never,
        CreatedAtMilliseconds = 0,
        UpdatedAtMilliseconds = 0,
        LastUsedAtMilliseconds = KeyEntry.Never,
        Text = [],
        NameLength = 0,
    };

    private static bool Throws(Func<bool> value)
    {
        try
        {
            value();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
