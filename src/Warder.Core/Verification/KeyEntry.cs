using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Core.Verification.Tags;

namespace Warder.Core.Verification;

/// <summary>
/// One secret of one key in memory: all that a validation needs. Immutable save for its last use; a change to the key drops its entries.
/// </summary>
public sealed class KeyEntry : Tagged<OwnedGrant>
{
    private long lastUsedMilliseconds;

    // The fields are as small as possible: millions of entries are in memory.
    private readonly ushort nameLength;
    private readonly byte state;
    private readonly ushort useProofHigh;
    private readonly uint useProofLow;
    private byte pendingUse;

    /// <summary>Makes an entry; <see cref="KeyCache"/> links it to the shared states.</summary>
    internal KeyEntry(UInt128 tag, LoadedKey key, OwnedGrant owned)
        : base(tag)
    {
        Id = key.Id;
        SecretNumber = key.SecretNumber;
        Owned = owned;
        state = (byte)key.State;
        Suspended = key.Suspended;
        SecretEnded = key.SecretEnded;
        ExpiresAtMilliseconds = key.ExpiresAtMilliseconds;
        SecretEndsAtMilliseconds = key.SecretEndsAtMilliseconds;
        CreatedAtMilliseconds = key.CreatedAtMilliseconds;
        UpdatedAtMilliseconds = key.UpdatedAtMilliseconds;
        lastUsedMilliseconds = key.LastUsedAtMilliseconds;
        Text = key.Text;
        nameLength = checked((ushort)key.NameLength);
        useProofHigh = (ushort)(key.UseProof >> 32);
        useProofLow = (uint)key.UseProof;
    }

    /// <summary>The same entry under another tag.</summary>
    internal KeyEntry(UInt128 tag, KeyEntry entry)
        : base(tag)
    {
        Id = entry.Id;
        SecretNumber = entry.SecretNumber;
        Owned = entry.Owned;
        state = entry.state;
        Suspended = entry.Suspended;
        SecretEnded = entry.SecretEnded;
        ExpiresAtMilliseconds = entry.ExpiresAtMilliseconds;
        SecretEndsAtMilliseconds = entry.SecretEndsAtMilliseconds;
        CreatedAtMilliseconds = entry.CreatedAtMilliseconds;
        UpdatedAtMilliseconds = entry.UpdatedAtMilliseconds;
        lastUsedMilliseconds = entry.LastUsedAtMilliseconds;
        Text = entry.Text;
        nameLength = entry.nameLength;
        useProofHigh = entry.useProofHigh;
        useProofLow = entry.useProofLow;
    }

    /// <summary>A time that never comes, or never was.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The key's id.</summary>
    public UInt128 Id { get; }

    /// <summary>Which of the key's secrets this is.</summary>
    public int SecretNumber { get; }

    /// <summary>The granted permissions with their owner.</summary>
    public OwnedGrant Owned { get; }

    /// <inheritdoc/>
    protected internal override OwnedGrant Beside => Owned;

    /// <inheritdoc/>
    protected internal override uint BesideNumber => Horizon.Of(this).Number;

    /// <summary>The stored state of the key.</summary>
    public KeyState State => (KeyState)state;

    /// <summary>Whether the key is suspended.</summary>
    public bool Suspended { get; }

    /// <summary>Whether this secret was ended outright.</summary>
    public bool SecretEnded { get; }

    /// <summary>When the key expires, in unix milliseconds; <see cref="Never"/>.</summary>
    public long ExpiresAtMilliseconds { get; }

    /// <summary>When this secret ends by the clock; <see cref="Never"/>.</summary>
    public long SecretEndsAtMilliseconds { get; }

    /// <summary>Unix milliseconds.</summary>
    public long CreatedAtMilliseconds { get; }

    /// <summary>Unix milliseconds.</summary>
    public long UpdatedAtMilliseconds { get; }

    /// <summary>The latest allowed validation, in unix milliseconds; <see cref="Never"/> when there was none.</summary>
    public long LastUsedAtMilliseconds => Volatile.Read(ref lastUsedMilliseconds);

    /// <summary>In a replica: proves to its node that the key was sent to it; 48 bits, 0 for none.</summary>
    internal long UseProof => ((long)useProofHigh << 32) | useProofLow;

    /// <summary>The name and then the obfuscated value, in UTF-8: one array, for there are many of these.</summary>
    internal byte[] Text { get; }

    /// <summary>The key's name in UTF-8.</summary>
    public ReadOnlySpan<byte> Name => Text.AsSpan(0, nameLength);

    /// <summary>The secret's obfuscated value in UTF-8; printable ASCII.</summary>
    public ReadOnlySpan<byte> ObfuscatedValue => Text.AsSpan(nameLength);

    /// <summary>The next entry of the same key. Guarded by the cache's lock.</summary>
    internal KeyEntry? NextOfKey { get; set; }

    /// <summary>The next entry with a use to write. Owned by <see cref="UsageLog"/>.</summary>
    internal KeyEntry? NextUsed { get; set; }

    /// <summary>Notes an allowed validation.</summary>
    /// <returns>True when the entry was not already waiting to be written.</returns>
    internal bool Use(long nowMilliseconds)
    {
        // No fence here: it would cost every use as much as naming the token. The reader of uses issues the fence for all threads, after
        // which this write is visible, or this thread sees that the use was taken.
        if (Volatile.Read(ref lastUsedMilliseconds) != nowMilliseconds)
            Volatile.Write(ref lastUsedMilliseconds, nowMilliseconds);
        return Volatile.Read(ref pendingUse) == 0 && Interlocked.Exchange(ref pendingUse, (byte)1) == 0;
    }

    /// <summary>Marks the use so far as being written. The next process-wide fence makes the mark visible to all threads.</summary>
    internal void TakeUse() => Volatile.Write(ref pendingUse, 0);
}
