namespace Warder.Protocol;

/// <summary>Keys that a replica reads before they are presented. GET <c>/replicas/keys</c>.</summary>
/// <param name="Data">Secrets that may work, in the order of their keys.</param>
/// <param name="After">The cursor of the next page; null on the last page.</param>
public sealed record PreloadedKeys(IReadOnlyList<PreloadedKey> Data, string? After);

/// <summary>One secret of a key, by its digest.</summary>
/// <param name="ValueSha256">SHA-256 of the secret, in lower-case hex.</param>
/// <param name="Key">The key.</param>
public sealed record PreloadedKey(string ValueSha256, ReplicaKey Key);
