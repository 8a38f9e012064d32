namespace Warder.Cedar;

/// <summary>
/// The source in which decisions look entities up: a store (<see cref="Entities"/>), or a custom class that loads entities on demand from
/// a cache or a database. A decision looks each entity up at most once.
/// </summary>
public abstract class EntitySource
{
    /// <summary>
    /// Finds an entity by its uid. The decision calls this method synchronously on its own thread. An exception ends the decision and
    /// reaches its caller. For a membership test (<c>in</c>) the decision looks the parents up too, unless the entity has its ancestors
    /// (<see cref="Entity.WithAncestors(IEnumerable{EntityUid})"/>).
    /// </summary>
    /// <returns>The entity; null when it does not exist.</returns>
    public abstract Entity? Find(EntityUid uid);
}
