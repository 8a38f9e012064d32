using Warder.Core.Keys;
using Warder.Core.Time;

namespace Warder.Core.Verification;

/// <summary>
/// The time until which a key's own state is certain, in four bytes, so that it can be read without the key's entry. It is never later than
/// the key's end, and up to 65.5 seconds earlier. Before it the key is neither revoked, expired nor suspended. After it the entry must be
/// read.
/// </summary>
/// <param name="Number">In units of 2^16 milliseconds since 1970; 0: nothing is certain; the greatest value: no end.</param>
internal readonly record struct Horizon(uint Number)
{
    private const int UnitBits = 16;

    /// <summary>Nothing is certain: the entry must be read.</summary>
    public static Horizon None => default;

    /// <summary>A key's.</summary>
    public static Horizon Of(KeyEntry entry)
    {
        if (entry.State != KeyState.Live || entry.Suspended || entry.SecretEnded)
            return None;
        var end = Math.Min(entry.ExpiresAtMilliseconds, entry.SecretEndsAtMilliseconds) >> UnitBits;
        return new Horizon((uint)Math.Clamp(end, 0, uint.MaxValue));
    }

    /// <summary>Whether a time is before the horizon. For times before 1970 nothing is certain.</summary>
    public bool IsAfter(Instant now) => (ulong)(now.UnixMilliseconds >> UnitBits) < Number;
}
