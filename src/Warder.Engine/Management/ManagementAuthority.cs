using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Tags;
using Warder.Storage;

namespace Warder.Engine.Management;

/// <summary>One secret of a management key, in memory.</summary>
internal sealed class Credential(UInt128 tag, Caller caller, ManagementKey key, KeySecret secret) : Tagged<Caller>(tag)
{
    private long lastUsedMilliseconds;

    public Caller Caller { get; } = caller;

    protected override Caller Beside => Caller;

    /// <summary>
    /// The key's rights in memory. They suffice to admit a request; a command decides by the rights that it reads itself.
    /// </summary>
    public Rights Rights { get; } = key.Rights;

    public string KeyId { get; } = key.Id;

    public string SecretId { get; } = secret.Id;

    private readonly long endsAtMilliseconds = Math.Min(
        key.ExpiresAt?.UnixMilliseconds ?? KeyEntry.Never, secret.EndsAt?.UnixMilliseconds ?? KeyEntry.Never);

    /// <summary>Determines by the clock whether the credential is live. A credential that a change has ended is not in memory.</summary>
    public bool IsLive(Instant now) => now.UnixMilliseconds < endsAtMilliseconds;

    public void Use(Instant now)
    {
        if (Volatile.Read(ref lastUsedMilliseconds) != now.UnixMilliseconds)
            Volatile.Write(ref lastUsedMilliseconds, now.UnixMilliseconds);
    }

    /// <summary>Returns the last use since the previous call; zero: there was none.</summary>
    public long TakeUse() => Interlocked.Exchange(ref lastUsedMilliseconds, 0);
}

/// <summary>
/// Authenticates management tokens. All credentials are in memory. A token is found by its SHA-256, and after its first use by AES-CMAC of
/// the whole header value, so that authentication costs less than a tenth of a hash.
/// </summary>
/// <remarks>Thread-safe. A change of any management key replaces the whole snapshot, so no data of an ended key stays.</remarks>
internal sealed class ManagementAuthority(Entropy entropy)
{
    private const string Scheme = "Bearer ";
    private const int MaxHeaderCharacters = 256;

    private readonly TokenTagger tagger = new(entropy.Bytes(TokenTagger.KeyBytes));
    // Uses that are not yet written, by secret, including uses from replaced snapshots. Also the lock of these uses.
    private readonly Dictionary<string, (string KeyId, long AtMilliseconds)> uses = new(StringComparer.Ordinal);
    private volatile Snapshot snapshot = new([]);
    private volatile bool suspended;

    /// <summary>Replaces the credentials by those of the store.</summary>
    public void Replace(IEnumerable<(ManagementKey Key, KeySecret Secret, byte[] Digest)> credentials)
    {
        lock (uses)
        {
            var before = snapshot;
            snapshot = new Snapshot(credentials);
            suspended = false;
            Collect(before);
        }
    }

    /// <summary>Suspends authentication: it throws until the next replacement, because the credentials may be wrong.</summary>
    public void Suspend() => suspended = true;

    /// <summary>Authenticates an <c>Authorization</c> header.</summary>
    /// <returns>Null: the header has no known and live management key.</returns>
    /// <exception cref="StorageException">Authentication is suspended.</exception>
    public Credential? Authenticate(string? header, Instant now)
    {
        if (header is null || header.Length is < 8 or > MaxHeaderCharacters)
            return null;
        if (suspended)
            throw new StorageException(StorageFaultKind.Unavailable, "Who may manage is not known until the store can be read again.");
        Span<byte> bytes = stackalloc byte[MaxHeaderCharacters];
        if (Encoding.ASCII.TryGetBytes(header, bytes, out var length) is false)
            return null;
        var value = bytes[..length];
        var current = snapshot;
        var tag = tagger.Tag(value);
        var credential = current.Known.Find(tag) ?? Recognize(current, tag, value);
        if (credential is null || !credential.IsLive(now))
            return null;
        credential.Use(now);
        return credential;
    }

    /// <summary>
    /// Determines whether a header has the form of a management token, checksum included. A header without that form is refused without a
    /// read.
    /// </summary>
    public static bool IsWellFormed(string? header)
    {
        Span<byte> bytes = stackalloc byte[MaxHeaderCharacters];
        return header is { Length: >= 8 and <= MaxHeaderCharacters } && Encoding.ASCII.TryGetBytes(header, bytes, out var length)
            && TryReadToken(bytes[..length], out _);
    }

    /// <summary>
    /// Determines whether a header was good at the last read of the store. This is no authentication, but a reason to read again.
    /// </summary>
    public bool HasRead(string? header)
    {
        Span<byte> bytes = stackalloc byte[MaxHeaderCharacters];
        return header is { Length: >= 8 and <= MaxHeaderCharacters } && Encoding.ASCII.TryGetBytes(header, bytes, out var length)
            && TryReadToken(bytes[..length], out var token) && snapshot.ByDigest.ContainsKey(Convert.ToHexString(SHA256.HashData(token)));
    }

    /// <summary>Returns the uses since the previous call.</summary>
    public List<(string SecretId, string KeyId, long AtMilliseconds)> TakeUses()
    {
        lock (uses)
        {
            Collect(snapshot);
            List<(string, string, long)> taken = [.. uses.Select(use => (use.Key, use.Value.KeyId, use.Value.AtMilliseconds))];
            uses.Clear();
            return taken;
        }
    }

    // One secret may have several credentials, one for each spelling of its header: the latest use counts.
    private void Collect(Snapshot from) => from.Known.ForEach(credential =>
    {
        if (credential.TakeUse() is not 0 and var at
            && (!uses.TryGetValue(credential.SecretId, out var noted) || noted.AtMilliseconds < at))
            uses[credential.SecretId] = (credential.KeyId, at);
    });

    /// <summary>Returns the token in the <c>Authorization</c> header of an authenticated request, in any spelling of its scheme.</summary>
    public static SecretString TokenOf(string header) => new(header[Scheme.Length..].Trim(' '));

    // Unknown tokens are not cached.
    private static Credential? Recognize(Snapshot current, UInt128 tag, ReadOnlySpan<byte> value)
    {
        if (!TryReadToken(value, out var token))
            return null;
        if (!current.ByDigest.TryGetValue(Convert.ToHexString(SHA256.HashData(token)), out var found))
            return null;
        var credential = new Credential(tag, new Caller(found.Key.Id, found.Secret.Id, found.Key.Environment), found.Key, found.Secret);
        return current.Known.Add(credential);
    }

    private static bool TryReadToken(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> token)
    {
        token = [];
        if (value.Length < Scheme.Length || !Ascii.EqualsIgnoreCase(value[..Scheme.Length], Scheme))
            return false;
        token = value[Scheme.Length..].Trim((byte)' ');
        return TokenFormat.TrySplit(token, out var prefix) && Ascii.Equals(prefix, ManagementKey.TokenPrefix);
    }

    private sealed class Snapshot(IEnumerable<(ManagementKey Key, KeySecret Secret, byte[] Digest)> credentials)
    {
        public FrozenDictionary<string, (ManagementKey Key, KeySecret Secret)> ByDigest { get; } = credentials.ToFrozenDictionary(
            row => Convert.ToHexString(row.Digest), row => (row.Key, row.Secret), StringComparer.Ordinal);

        public TagIndex<Credential, Caller> Known { get; } = new();
    }
}
