using System.Runtime.CompilerServices;
using Warder.Core.Keys;
using Warder.Core.Leases;
using Warder.Core.Time;

namespace Warder.Core.Verification;

/// <summary>
/// Answers from memory, for a node and for a replica: the only place that has the rules of when memory may be answered from.
/// </summary>
/// <remarks>
/// <para>Invariant: no decision that starts after a change's call has returned is made from the state before the change. A change waits for
/// a verifier's acknowledgement or for the end of its lease, and so each decision makes these checks, in this order:</para>
/// <para>1. The lease, by a clock that is read after the request began and before anything of memory. Checked after the look-up, it can be
/// a new lease: look-up, end of the lease, return of a change, renewal, check.</para>
/// <para>2. The applied position, where the request names an event, before the look-up. Checked after the look-up, it can include an event
/// that the entry which was found does not.</para>
/// <para>3. The cache. A key in memory is decided by its entry, independent of later changes to the token formats.</para>
/// <para>4. The token formats, under the lease that was checked: they are memory too. Without a lease, a scheme that another node
/// registered is unknown here, and a good key would be malformed.</para>
/// <para>5. The digests of a preload.</para>
/// <para>A key that was read after a miss is decided together with memory under checks 1 and 2, made anew; apart from memory without
/// them.</para>
/// <para>Without a check there is a wrong answer, which <c>MemoryDeciderTests</c> gives for each.</para>
/// <para>Thread-safe: any number of threads decide while one replaces the cache.</para>
/// </remarks>
public sealed class MemoryDecider(Lease lease, KeyCache cache)
{
    /// <summary>How many tokens are looked up together, at most: as many as a processor can wait for at once.</summary>
    public const int MostTogether = 16;

    private const int MostTokenBytes = 512;

    private volatile KeyCache cache = cache;

    /// <summary>The entries.</summary>
    public KeyCache Cache => cache;

    /// <summary>Whether an answer may come from memory now.</summary>
    public bool IsLeased => lease.IsHeld;

    /// <summary>
    /// Answers from another cache from now on. The lease is given up first: a decision that still uses the old cache began before that.
    /// </summary>
    public void Replace(KeyCache fresh)
    {
        lease.Drop();
        cache = fresh;
    }

    /// <summary>Whether memory does not include an event that a request names; such a request is answered from no part of memory.</summary>
    public bool IsBehind(long atLeast) => atLeast > 0 && cache.Applied < atLeast;

    /// <summary>Decides from memory.</summary>
    /// <param name="view">The node, or the replica.</param>
    /// <param name="token">What was presented.</param>
    /// <param name="permissions">As <see cref="ValidationRequest.Permissions"/> has them.</param>
    /// <param name="atLeast">An event that memory must include; 0: none in particular.</param>
    /// <param name="decision">The decision; <see cref="DecisionCode.Unavailable"/> without one.</param>
    /// <returns>False when memory may not be answered from, or does not hold the token.</returns>
    public bool TryDecide<TView>(TView view, ReadOnlySpan<byte> token, ReadOnlySpan<byte> permissions, long atLeast, out Decision decision)
        where TView : struct, IMemoryView
    {
        var named = cache;
        var tag = named.TagOf(token, view.Environment);
        // A hint, which reads nothing. Where memory is large, the clock is read while the processor waits for memory.
        named.Prefetch(tag);
        if (!MayAnswer<TView>(atLeast, out var current, out var boot))
        {
            decision = Decision.Deny(DecisionCode.Unavailable);
            return false;
        }

        // The cache was replaced meanwhile, and the fresh one names tokens otherwise.
        if (current != named)
            tag = current.TagOf(token, view.Environment);
        var request = new ValidationRequest(view.Environment, permissions);
        if (current.TryDecide(tag, request, view.Now(boot), out decision))
            return true;
        if (view.Formats?.Refuse(token) is { } code)
        {
            decision = Decision.Deny(code);
            return true;
        }

        return current.IsPreloaded && current.Recognize(tag, token) && current.TryDecide(tag, request, view.Now(boot), out decision);
    }

    /// <summary>
    /// Decides about several tokens by the checks 1 to 3, and has memory brought near for all of them first: where memory is large, waiting
    /// for it is most of the work. A token that is left undecided is <see cref="DecisionCode.Unavailable"/>, and may be decided by itself.
    /// </summary>
    [SkipLocalsInit]
    public void DecideMany<TView, TTokens>(TView view, TTokens tokens, long atLeast, Span<Decision> decisions)
        where TView : struct, IMemoryView
        where TTokens : struct, IPresentedTokens, allows ref struct
    {
        if (!MayAnswer<TView>(atLeast, out var current, out var boot))
        {
            decisions.Fill(Decision.Deny(DecisionCode.Unavailable));
            return;
        }

        Span<UInt128> tags = stackalloc UInt128[MostTogether];
        tags = tags[..tokens.Count];
        // All of them are named before any is looked up: each lies somewhere else, and so memory is waited for once.
        Span<byte> token = stackalloc byte[Math.Min(tokens.LongestBytes, MostTokenBytes)];
        for (var i = 0; i < tags.Length; i++)
            tags[i] = tokens.TryRead(i, token, out var length) ? current.TagOf(token[..length], view.Environment) : default;
        current.Prefetch(tags);
        var now = view.Now(boot);
        for (var i = 0; i < tags.Length; i++)
            current.TryDecide(tags[i], new ValidationRequest(view.Environment, tokens.Permissions(i)), now, out decisions[i]);
    }

    /// <summary>
    /// Decides from a key that was read for this request. Under the lease memory has its say, and keeps the key if no event since has
    /// touched it; else the key decides alone.
    /// </summary>
    public Decision Decide<TView>(TView view, ReadOnlySpan<byte> token, LoadedKey key, ReadOnlySpan<byte> permissions, long atLeast)
        where TView : struct, IMemoryView
    {
        var mayAnswer = MayAnswer<TView>(atLeast, out var current, out var boot);
        var tag = current.TagOf(token, view.Environment);
        var request = new ValidationRequest(view.Environment, permissions);
        return mayAnswer ? current.DecideLoaded(tag, key, request, view.Now(boot)) : current.DecideApart(tag, key, request, view.Now(boot));
    }

    // The lease, and then the applied position of the cache that is answered from.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayAnswer<TView>(long atLeast, out KeyCache current, out long bootMicroseconds)
        where TView : struct, IMemoryView
    {
        bootMicroseconds = TView.NeedsBootClock || !lease.IsPermanent ? Clock.BootMicroseconds() : 0;
        var isHeld = lease.IsHeldAt(bootMicroseconds);
        current = cache;
        return isHeld && (atLeast <= 0 || current.Applied >= atLeast);
    }
}

/// <summary>
/// What differs between a node and a replica when <see cref="MemoryDecider"/> answers. Implemented by structs, so that a hit calls it
/// directly.
/// </summary>
public interface IMemoryView
{
    /// <summary>Whether <see cref="Now"/> takes the time of the boot clock.</summary>
    static abstract bool NeedsBootClock { get; }

    /// <summary>The number of the request's environment.</summary>
    int Environment { get; }

    /// <summary>The token formats of the environment; null: they are not known. Read under the lease only.</summary>
    AcceptedTokenFormats? Formats { get; }

    /// <summary>The time of the decision. Read under the lease only.</summary>
    /// <param name="bootMicroseconds">The boot clock, as the lease was checked by it; zero for a view that does not need it.</param>
    Instant Now(long bootMicroseconds);
}

/// <summary>Several tokens that are decided together.</summary>
public interface IPresentedTokens
{
    /// <summary>How many: at most <see cref="MemoryDecider.MostTogether"/>.</summary>
    int Count { get; }

    /// <summary>How many bytes the longest of them has, at most.</summary>
    int LongestBytes { get; }

    /// <summary>Copies a token.</summary>
    /// <returns>False when it cannot be a key's.</returns>
    bool TryRead(int index, scoped Span<byte> token, out int length);

    /// <summary>What the key must have, as <see cref="ValidationRequest.Permissions"/> has it.</summary>
    ReadOnlySpan<byte> Permissions(int index);
}
