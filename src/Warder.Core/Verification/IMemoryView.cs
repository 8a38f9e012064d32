using Warder.Core.Keys;
using Warder.Core.Time;

namespace Warder.Core.Verification;

/// <summary>What differs between a node and a replica when <see cref="MemoryDecider"/> answers. Implemented by structs, so that a hit calls it directly.</summary>
public interface IMemoryView
{
    /// <summary>Whether <see cref="Now"/> takes the time of the boot clock.</summary>
    static abstract bool NeedsBootClock { get; }

    /// <summary>The number of the environment that asks.</summary>
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
