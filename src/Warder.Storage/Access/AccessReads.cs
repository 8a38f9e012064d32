using Warder.Core.Access;

namespace Warder.Storage.Access;

/// <summary>
/// Permissions, their sets and roles that were read for a page of keys or a batch of commands, most of which need the same rows. Valid
/// while none of these rows changes. The owner calls <see cref="Forget"/> after a change.
/// </summary>
/// <remarks>Used by one thread. Missing rows are not remembered.</remarks>
public sealed class AccessReads
{
    private readonly Dictionary<(int Environment, string Slug), Permission> permissions = [];
    private readonly Dictionary<(int Environment, string Ids), long> setIds = [];
    private readonly Dictionary<long, Deferred<Permission>> sets = [];
    private readonly Dictionary<string, Lazy<Ceiling>> ceilings = new(StringComparer.Ordinal);

    /// <summary>Finds the registered permission of a slug; null when there is none.</summary>
    public Permission? Permission(Session session, int environment, string slug)
    {
        if (!permissions.TryGetValue((environment, slug), out var permission)
            && PermissionTable.Find(session, environment, slug) is { } found)
            permissions.Add((environment, slug), permission = found);
        return permission;
    }

    /// <summary>Finds the stored set of exactly these permissions in this order, and adds it when it is missing.</summary>
    public long Intern(Session session, int environment, IReadOnlyList<Permission> granted)
    {
        var key = (environment, string.Join(',', granted.Select(permission => permission.Id)));
        if (!setIds.TryGetValue(key, out var id))
            setIds.Add(key, id = PermissionSetTable.Intern(session, environment, granted));
        return id;
    }

    /// <summary>Reads the registered permissions of a stored set.</summary>
    internal Deferred<Permission> DeferSet(Session session, int environment, long id)
    {
        if (!sets.TryGetValue(id, out var granted))
            sets.Add(id, granted = PermissionSetTable.DeferLiving(session, environment, id));
        return granted;
    }

    /// <summary>Whether no set was read yet. Reading a key's set before its number is known is then worth a statement.</summary>
    internal bool KnowsNoSet => sets.Count == 0;

    /// <summary>Remembers the content of a set that was read before its number was known.</summary>
    internal void Learn(long id, Deferred<Permission> granted) => sets[id] = granted;

    /// <summary>Reads the permissions that a role allows to its members' keys.</summary>
    internal Lazy<Ceiling> DeferCeiling(Session session, int environment, string roleId)
    {
        if (!ceilings.TryGetValue(roleId, out var ceiling))
        {
            var role = RoleTable.Defer(session, environment, roleId);
            ceilings.Add(roleId, ceiling = new Lazy<Ceiling>(() => Ceiling.OfMember(role.Value), isThreadSafe: false));
        }

        return ceiling;
    }

    /// <summary>Discards all rows, since one of them changed or was rolled back.</summary>
    internal void Forget()
    {
        permissions.Clear();
        setIds.Clear();
        sets.Clear();
        ceilings.Clear();
    }
}
