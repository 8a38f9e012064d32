namespace Warder.Cedar;

/// <summary>
/// Where decisions find entities: a store of them (<see cref="Entities"/>), or your own class that gets them when they are asked for, from
/// a cache or a database. Within one decision each entity is asked for once.
/// </summary>
public abstract class EntitySource
{
    /// <summary>
    /// The entity of this name; null when there is none. Called while a decision is made, on its thread; an exception ends that decision
    /// and reaches whoever asked for it. The entity's parents are asked for, too, where policies ask what it is in, unless it comes with
    /// its ancestors (<see cref="Entity.WithAncestors(IEnumerable{EntityUid})"/>).
    /// </summary>
    public abstract Entity? Find(EntityUid uid);
}
