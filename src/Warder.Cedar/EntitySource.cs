namespace Warder.Cedar;

/// <summary>
/// Where decisions find entities: a store of them (<see cref="Entities"/>), or your own class that gets them when they are asked for, from
/// a cache or a database. Within one decision each entity is asked for once.
/// </summary>
public abstract class EntitySource
{
    /// <summary>
    /// Finds the entity of a name. Called on the thread of the decision, while it is made; an exception ends the decision and is thrown to
    /// its caller. Where a policy tests membership (<c>in</c>), the parents are looked up too, unless the entity has its ancestors
    /// (<see cref="Entity.WithAncestors(IEnumerable{EntityUid})"/>).
    /// </summary>
    public abstract Entity? Find(EntityUid uid);
}
