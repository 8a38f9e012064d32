using Warder.Client.Replicas;
using Warder.Core.Secrets;

namespace Warder.Client;

/// <summary>
/// Validates keys. <see cref="WarderVerifier"/> validates inside the application's process; tests use the in-memory verifier of
/// <c>Warder.Testing</c> instead.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public interface IWarderVerifier
{
    /// <summary>The verifier's current health.</summary>
    VerifierHealth Health { get; }

    /// <summary>Decides from memory, without waiting.</summary>
    /// <param name="value">The presented key.</param>
    /// <param name="permissions">The permissions that the key must have.</param>
    /// <param name="decision">The decision; a denial when the method returns false.</param>
    /// <param name="atLeast">The sequence number of an event that the decision's state must include; 0: no event is required.</param>
    /// <returns>False when memory cannot decide: <see cref="ValidateAsync"/> then requests the decision from a node.</returns>
    bool TryValidate(ReadOnlySpan<char> value, RequiredPermissions permissions, out KeyDecision decision, long atLeast = 0);

    /// <summary>
    /// Decides whether a key is valid and has the required permissions. A denial is a decision, not an exception. A verifier that cannot
    /// reach a decision returns <see cref="Contracts.Keys.DecisionCode.Unavailable"/>.
    /// </summary>
    /// <param name="value">The presented key.</param>
    /// <param name="permissions">The permissions that the key must have; null: none.</param>
    /// <param name="atLeast">The sequence number of an event that the decision's state must include; 0: no event is required.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<KeyDecision> ValidateAsync(
        SecretString value, RequiredPermissions? permissions = null, long atLeast = 0, CancellationToken cancellationToken = default);
}

/// <summary>Validates keys that are presented as strings.</summary>
public static class WarderVerifierExtensions
{
    /// <summary>Decides as <see cref="IWarderVerifier.ValidateAsync"/> does.</summary>
    /// <param name="verifier">The verifier.</param>
    /// <param name="value">The presented key.</param>
    /// <param name="permissions">The permissions that the key must have; null: none.</param>
    /// <param name="atLeast">The sequence number of an event that the decision's state must include; 0: no event is required.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static ValueTask<KeyDecision> ValidateAsync(
        this IWarderVerifier verifier, string value, RequiredPermissions? permissions = null, long atLeast = 0,
        CancellationToken cancellationToken = default)
        => verifier.ValidateAsync(new SecretString(value), permissions, atLeast, cancellationToken);
}
