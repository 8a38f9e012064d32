using Warder.Client.Replicas;
using Warder.Core.Secrets;

namespace Warder.Client;

/// <summary>
/// Validates keys. <see cref="WarderVerifier"/> does so inside the application's process; tests put the in-memory verifier of
/// <c>Warder.Testing</c> in its place.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public interface IWarderVerifier
{
    /// <summary>How the verifier is, now.</summary>
    VerifierHealth Health { get; }

    /// <summary>Decides without waiting. False when it cannot: then <see cref="ValidateAsync"/> asks.</summary>
    /// <param name="value">What the caller presented.</param>
    /// <param name="permissions">What the key must have.</param>
    /// <param name="decision">The answer, if there is one; else a denial.</param>
    /// <param name="atLeast">The sequence number of an event that the answer's state must include; 0: none in particular.</param>
    bool TryValidate(ReadOnlySpan<char> value, RequiredPermissions permissions, out KeyDecision decision, long atLeast = 0);

    /// <summary>
    /// Decides whether a key is good, and has these permissions. A denial is an answer, not an exception; so is that it cannot be known
    /// now.
    /// </summary>
    /// <param name="value">What the caller presented.</param>
    /// <param name="permissions">What the key must have; null: nothing.</param>
    /// <param name="atLeast">The sequence number of an event that the answer's state must include; 0: none in particular.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<KeyDecision> ValidateAsync(SecretString value, RequiredPermissions? permissions = null, long atLeast = 0, CancellationToken cancellationToken = default);
}

/// <summary>The same with the presented key as a string.</summary>
public static class WarderVerifierExtensions
{
    /// <summary>Decides as <see cref="IWarderVerifier.ValidateAsync"/> does.</summary>
    /// <param name="verifier">The verifier.</param>
    /// <param name="value">What the caller presented.</param>
    /// <param name="permissions">What the key must have; null: nothing.</param>
    /// <param name="atLeast">The sequence number of an event that the answer's state must include; 0: none in particular.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static ValueTask<KeyDecision> ValidateAsync(
        this IWarderVerifier verifier, string value, RequiredPermissions? permissions = null, long atLeast = 0, CancellationToken cancellationToken = default)
        => verifier.ValidateAsync(new SecretString(value), permissions, atLeast, cancellationToken);
}
