using Warder.Core.Access;

namespace Warder.Storage.Access;

/// <summary>
/// What was read of permissions, their sets and roles: for a page of keys, or for a batch of commands, most of which ask for the same. It
/// is good for as long as nothing of them changes, and whoever keeps it says when to <see cref="Forget"/>.
/// </summary>
/// <remarks>Used by one thread. What is not there is not remembered.</remarks>
public sealed class AccessReads
{
    private readonly Dictionary<(int Environment, string Slug), Permission> permissions = [];
    private readonly Dictionary<(int Environment, string Ids), long> setIds = [];
    private readonly Dictionary<long, Deferred<Permission>> sets = [];
    private readonly Dictionary<string, Lazy<Ceiling>> ceilings = new(StringComparer.Ordinal);

    /// <summary>The registered permission of a slug; null when there is none.</summary>
    public Permission? Permission(Session session, int environment, string slug)
    {
        if (!permissions.TryGetValue((environment, slug), out var permission) && PermissionTable.Find(session, environment, slug) is { } found)
            permissions.Add((environment, slug), permission = found);
        return permission;
    }

    /// <summary>The stored set that holds exactly these, in this order; it is added when there is none.</summary>
    public long Intern(Session session, int environment, IReadOnlyList<Permission> granted)
    {
        var key = (environment, string.Join(',', granted.Select(permission => permission.Id)));
        if (!setIds.TryGetValue(key, out var id))
            setIds.Add(key, id = PermissionSetTable.Intern(session, environment, granted));
        return id;
    }

    /// <summary>Asks what is in a stored set, as far as it is registered.</summary>
    internal Deferred<Permission> AskSet(Session session, int environment, long id)
    {
        if (!sets.TryGetValue(id, out var granted))
            sets.Add(id, granted = PermissionSetTable.AskLiving(session, environment, id));
        return granted;
    }

    /// <summary>Whether no set was read yet: then it is worth asking for a key's before it is known which one that is.</summary>
    internal bool KnowsNoSet => sets.Count == 0;

    /// <summary>Remembers what was asked of a set before it was known which one it is.</summary>
    internal void Learn(long id, Deferred<Permission> granted) => sets[id] = granted;

    /// <summary>Asks what a role leaves of its members' keys.</summary>
    internal Lazy<Ceiling> AskCeiling(Session session, int environment, string roleId)
    {
        if (!ceilings.TryGetValue(roleId, out var ceiling))
        {
            var role = RoleTable.Ask(session, environment, roleId);
            ceilings.Add(roleId, ceiling = new Lazy<Ceiling>(() => Ceiling.OfMember(role.Value), isThreadSafe: false));
        }

        return ceiling;
    }

    /// <summary>Something of it changed, or may have been taken back.</summary>
    internal void Forget()
    {
        permissions.Clear();
        setIds.Clear();
        sets.Clear();
        ceilings.Clear();
    }
}
