using Warder.Core.Keys;
using Warder.Core.Time;

namespace Warder.Core.Verification;

/// <summary>
/// Until when a key stands of itself for certain, in four bytes, so that it can be had without its entry: never later than its end, and
/// earlier by up to 65.5 seconds. Within it the entry need not be asked whether it is revoked, expired or suspended; beyond it the entry
/// knows.
/// </summary>
/// <param name="Number">In units of 2^16 milliseconds since 1970; 0: there is nothing for certain; the greatest: for ever.</param>
internal readonly record struct Horizon(uint Number)
{
    private const int UnitBits = 16;

    /// <summary>Nothing is for certain: the entry must be asked.</summary>
    public static Horizon None => default;

    /// <summary>A key's.</summary>
    public static Horizon Of(KeyEntry entry)
    {
        if (entry.State != KeyState.Live || entry.Suspended || entry.SecretEnded)
            return None;
        var end = Math.Min(entry.ExpiresAtMilliseconds, entry.SecretEndsAtMilliseconds) >> UnitBits;
        return new Horizon((uint)Math.Clamp(end, 0, uint.MaxValue));
    }

    /// <summary>Whether a time is before it. Of times before 1970 nothing is for certain.</summary>
    public bool IsAfter(Instant now) => (ulong)(now.UnixMilliseconds >> UnitBits) < Number;
}
