using System.Runtime.CompilerServices;
using Warder.Core.Verification;

namespace Warder.Engine.Verification;

/// <summary>
/// The tokens of one request that memory does not hold, with the result of each read; and the request's decisions, which count once the
/// request is answered. A request that must read is answered from its beginning again.
/// </summary>
/// <remarks>Empty, and without allocation, for a request that memory answers.</remarks>
internal struct RequestMisses
{
    private List<Miss>? all;
    private int read;
    private Tally decided;

    /// <summary>Whether the request's thread must not read itself: the request has several tokens, or has waited before.</summary>
    public bool ReadsApart { get; set; }

    /// <summary>Whether tokens must be read before the request can be answered.</summary>
    public readonly bool MustRead => all is not null && read < all.Count;

    /// <summary>Finds a token that was missed before.</summary>
    public readonly Miss? Find(ReadOnlySpan<byte> digest, long atLeast)
    {
        foreach (var miss in all ?? [])
        {
            if (miss.AtLeast == atLeast && digest.SequenceEqual(miss.Digest))
                return miss;
        }

        return null;
    }

    /// <summary>Adds a token that must be read.</summary>
    public void Add(Miss miss) => (all ??= []).Add(miss);

    /// <summary>Returns the tokens that must be read, and marks them as read.</summary>
    public IReadOnlyList<Miss> TakeUnread()
    {
        var unread = all is null ? [] : all[read..];
        read += unread.Count;
        return unread;
    }

    /// <summary>Restarts the answer of the request from its beginning.</summary>
    public void Begin() => decided = default;

    /// <summary>Records a decision.</summary>
    public void Decided(DecisionCode code) => decided[(int)code]++;

    /// <summary>Counts the decisions of a request that is answered.</summary>
    public readonly void CountIn(DecisionCounts counts)
    {
        for (var code = 0; code <= (int)Decision.Last; code++)
        {
            if (decided[code] > 0)
                counts.Add((DecisionCode)code, decided[code]);
        }
    }

    [InlineArray((int)Decision.Last + 1)]
    private struct Tally
    {
        private int count;
    }
}

/// <summary>A token that memory does not hold.</summary>
/// <param name="Token">The presented token.</param>
/// <param name="Digest">The token's SHA-256.</param>
/// <param name="AtLeast">The event that the read must include; 0: none.</param>
internal sealed record Miss(byte[] Token, byte[] Digest, long AtLeast)
{
    /// <summary>The result of the read: the key, or the code if there is none; null: not read yet.</summary>
    public (DecisionCode Code, LoadedKey? Key)? Found { get; set; }
}
