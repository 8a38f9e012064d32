using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;

namespace Warder.Core.Tests.Verification;

/// <summary>
/// Memory is answered from under a lease, at a position, by formats that the lease covers, in that order. Each test fails when its check is
/// left out, or is made after what it must come before.
/// </summary>
public sealed class MemoryDeciderTests
{
    private const int Position = 7;
    private const long LongMicroseconds = 60_000_000;
    private static readonly byte[] Token = "anything.cached"u8.ToArray(), Unknown = "no.such.form"u8.ToArray();

    private readonly Lease lease = new();
    private readonly KeyCache cache = new(Entropy.System, 100);
    private readonly MemoryDecider memory;

    public MemoryDeciderTests()
    {
        memory = new MemoryDecider(lease, cache);
        cache.Apply(Position, []);
        cache.DecideLoaded(cache.TagOf(Token, 1), new CachedWorld().Read(Position), new ValidationRequest(1, default), default);
    }

    [Fact]
    public void A_key_in_memory_is_decided_under_a_lease()
    {
        Assert.False(Decides(Token));
        Lease();
        Assert.True(Decides(Token, out var decision));
        Assert.True(decision.Allow);
        lease.Drop();
        Assert.False(Decides(Token, out decision));
        Assert.Equal(DecisionCode.Unavailable, decision.Code);
    }

    [Fact]
    public void A_lease_that_comes_during_the_look_up_is_none()
        => Assert.False(Decides(Token, out _, during: Lease));

    [Fact]
    public void A_lease_that_ends_during_the_look_up_was_one()
    {
        Lease();
        Assert.True(Decides(Token, out _, during: lease.Drop));
    }

    [Fact]
    public void Memory_from_before_the_event_answers_nothing()
    {
        Lease();
        Assert.True(Decides(Token, out _, Position));
        Assert.False(Decides(Token, out _, Position + 1));
        Assert.False(Decides(Unknown, out _, Position + 1, formats: Formats));
    }

    [Fact]
    public void An_event_that_is_applied_during_the_look_up_was_not_in_memory()
    {
        Lease();
        Assert.False(Decides(Token, out _, Position + 1, during: () => cache.Apply(Position + 1, [])));
    }

    [Fact]
    public void The_cache_is_asked_before_the_formats()
    {
        Lease();
        Assert.True(Decides(Token, out var decision, formats: Formats));
        Assert.True(decision.Allow);
    }

    [Fact]
    public void A_token_of_no_format_is_refused_under_a_lease_only()
    {
        Assert.False(Decides(Unknown, out _, formats: Formats));
        Lease();
        Assert.False(Decides(Unknown));
        Assert.True(Decides(Unknown, out var decision, formats: Formats));
        Assert.Equal(DecisionCode.Malformed, decision.Code);
    }

    [Fact]
    public void A_preloaded_key_is_known_by_its_digest()
    {
        Lease();
        var preloaded = "preloaded"u8.ToArray();
        Assert.False(Decides(preloaded));
        Assert.True(cache.Preload(System.Security.Cryptography.SHA256.HashData(preloaded), new CachedWorld().Read(Position) with { Id = 9 }));
        Assert.True(Decides(preloaded, out var decision));
        Assert.True(decision.Allow);
        lease.Drop();
        Assert.False(Decides(preloaded));
    }

    [Fact]
    public void A_key_that_was_read_is_decided_with_memory_under_the_lease_and_alone_without()
    {
        // The read is from before the revocation, and memory from after it.
        var before = new CachedWorld().Read(Position);
        cache.Apply(Position + 1, [CacheDelta.OfKey(Id.Format(IdKind.ApiKey, CachedWorld.KeyId))]);
        cache.DecideLoaded(cache.TagOf(Token, 1), new CachedWorld { Revoked = true }.Read(Position + 1), new ValidationRequest(1, default), default);
        Assert.Equal(DecisionCode.Allowed, memory.Decide(new View(), Token, before, default, 0).Code);
        Lease();
        Assert.Equal(DecisionCode.Allowed, memory.Decide(new View(), Token, before, default, Position + 2).Code);
        Assert.Equal(DecisionCode.Revoked, memory.Decide(new View(), Token, before, default, 0).Code);
        Assert.Equal(DecisionCode.Revoked, memory.Decide(new View(), Token, before, default, Position + 1).Code);
    }

    [Fact]
    public void A_key_that_was_read_without_a_lease_is_not_kept()
    {
        var other = "other"u8.ToArray();
        memory.Decide(new View(), other, new CachedWorld().Read(Position) with { Id = 9 }, default, 0);
        Lease();
        Assert.False(Decides(other));
        memory.Decide(new View(), other, new CachedWorld().Read(Position) with { Id = 9 }, default, 0);
        Assert.True(Decides(other));
    }

    [Fact]
    public void Several_tokens_are_decided_under_the_same_checks()
    {
        var decisions = new Decision[2];
        memory.DecideMany(new View(), new Tokens([Token, Unknown]), 0, decisions);
        Assert.All(decisions, static each => Assert.Equal(DecisionCode.Unavailable, each.Code));
        memory.DecideMany(new View { During = Lease }, new Tokens([Token, Unknown]), 0, decisions);
        Assert.All(decisions, static each => Assert.Equal(DecisionCode.Unavailable, each.Code));
        Lease();
        memory.DecideMany(new View(), new Tokens([Token, Unknown]), Position + 1, decisions);
        Assert.All(decisions, static each => Assert.Equal(DecisionCode.Unavailable, each.Code));
        memory.DecideMany(new View(), new Tokens([Token, Unknown]), Position, decisions);
        Assert.Equal([DecisionCode.Allowed, DecisionCode.Unavailable], decisions.Select(static each => each.Code));
    }

    [Fact]
    public void A_fresh_cache_ends_the_lease_and_answers_for_itself()
    {
        Lease();
        memory.Replace(new KeyCache(Entropy.System, 100));
        Assert.False(lease.IsHeld);
        Lease();
        Assert.False(Decides(Token));
        Assert.True(memory.IsBehind(1));
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        Lease();
        var (view, hits) = (new View(), 0);
        for (var i = 0; i < 10_000; i++)
            hits += memory.TryDecide(view, Token, default, 0, out _) ? 1 : 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            hits += memory.TryDecide(view, Token, default, 0, out _) ? 1 : 0;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(20_000, hits);
    }

    private static AcceptedTokenFormats Formats { get; } = new("wdr_live", []);

    private void Lease() => lease.Extend(Clock.BootMicroseconds() + LongMicroseconds);

    private bool Decides(byte[] token) => Decides(token, out _);

    private bool Decides(byte[] token, out Decision decision, long atLeast = 0, AcceptedTokenFormats? formats = null, Action? during = null)
        => memory.TryDecide(new View { KnownFormats = formats, During = during }, token, default, atLeast, out decision);

    // The time is read last before the look-up: what happens then happens after the checks, and before memory is read.
    private readonly struct View : IMemoryView
    {
        public static bool NeedsBootClock => true;

        public int Environment => 1;

        public AcceptedTokenFormats? KnownFormats { get; init; }

        public Action? During { get; init; }

        public AcceptedTokenFormats? Formats => KnownFormats;

        public Instant Now(long bootMicroseconds)
        {
            During?.Invoke();
            return default;
        }
    }

    private readonly struct Tokens(byte[][] tokens) : IPresentedTokens
    {
        public int Count => tokens.Length;

        public int LongestBytes => tokens.Max(static each => each.Length);

        public bool TryRead(int index, scoped Span<byte> token, out int length)
        {
            tokens[index].CopyTo(token);
            length = tokens[index].Length;
            return true;
        }

        public ReadOnlySpan<byte> Permissions(int index) => default;
    }
}
