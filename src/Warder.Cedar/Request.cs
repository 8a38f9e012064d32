using Warder.Cedar.Values;

namespace Warder.Cedar;

/// <summary>
/// What is to be decided: may this principal do this with this resource, in these circumstances? Immutable; one request can be decided any
/// number of times. The entities need not exist. (Cedar documentation: "Authorization".)
/// </summary>
/// <param name="principal">Who wants it.</param>
/// <param name="action">What they want to do.</param>
/// <param name="resource">What they want to do it with.</param>
/// <param name="context">The circumstances; null: none.</param>
public sealed class Request(EntityUid principal, EntityUid action, EntityUid resource, CedarRecord? context = null)
{
    /// <summary>Who wants it.</summary>
    public EntityUid Principal { get; } = principal ?? throw new ArgumentNullException(nameof(principal));

    /// <summary>What they want to do.</summary>
    public EntityUid Action { get; } = action ?? throw new ArgumentNullException(nameof(action));

    /// <summary>What they want to do it with.</summary>
    public EntityUid Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>The circumstances.</summary>
    public CedarRecord Context { get; } = context ?? CedarRecord.Empty;
}
