using Warder.Cedar.Values;

namespace Warder.Cedar;

/// <summary>
/// An authorization request: a principal, an action, a resource, and a context. Immutable; one request can be decided any number of
/// times. The entities need not exist. (Cedar documentation: "Authorization".)
/// </summary>
/// <param name="principal">The principal, which requests the action.</param>
/// <param name="action">The action.</param>
/// <param name="resource">The resource of the action.</param>
/// <param name="context">The context; null means an empty context.</param>
public sealed class Request(EntityUid principal, EntityUid action, EntityUid resource, CedarRecord? context = null)
{
    /// <summary>The principal, which requests the action.</summary>
    public EntityUid Principal { get; } = principal ?? throw new ArgumentNullException(nameof(principal));

    /// <summary>The action.</summary>
    public EntityUid Action { get; } = action ?? throw new ArgumentNullException(nameof(action));

    /// <summary>The resource of the action.</summary>
    public EntityUid Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>The context.</summary>
    public CedarRecord Context { get; } = context ?? CedarRecord.Empty;
}
