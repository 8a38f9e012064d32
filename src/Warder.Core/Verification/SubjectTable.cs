using System.Collections.Frozen;
using Warder.Core.Directory;

namespace Warder.Core.Verification;

/// <summary>
/// The subjects that cached entries share, kept as long as one of them refers to it.
/// </summary>
/// <remarks>A mutable holder without a lock of its own: every member is called under <see cref="KeyCache"/>'s.</remarks>
internal sealed class SubjectTable
{
    private readonly Dictionary<UInt128, OrganizationState> organizations = [];
    private readonly Dictionary<UInt128, UserState> users = [];
    private readonly Dictionary<UInt128, MembershipState> memberships = [];
    private readonly Dictionary<UInt128, RoleState> roles = [];
    private readonly Dictionary<UInt128, PermissionState> permissions = [];
    private readonly Dictionary<long, GrantState> grants = [];
    // Those that are not their owner's first: most owners have but one.
    private readonly Dictionary<(SubjectState Owner, GrantState Grant), OwnedGrant> further = [];

    /// <summary>Whether nothing is kept.</summary>
    public bool IsEmpty
        => organizations.Count + users.Count + memberships.Count + roles.Count + permissions.Count + grants.Count + further.Count == 0;

    public OrganizationState? Organization(UInt128 id) => organizations.GetValueOrDefault(id);

    public UserState? User(UInt128 id) => users.GetValueOrDefault(id);

    public MembershipState? Membership(UInt128 id) => memberships.GetValueOrDefault(id);

    public RoleState? Role(UInt128 id) => roles.GetValueOrDefault(id);

    public PermissionState? Permission(UInt128 id) => permissions.GetValueOrDefault(id);

    /// <summary>Makes an entry that shares what is here, adding what is not.</summary>
    public KeyEntry Link(UInt128 tag, LoadedKey key) => new(tag, key, Acquire(key));

    /// <summary>Gives back what an entry refers to.</summary>
    public void Unlink(KeyEntry entry)
    {
        var owned = entry.Owned;
        if (--owned.References > 0)
            return;
        var owner = OwnerOf(owned);
        if (owner.FirstGrant == owned)
            owner.FirstGrant = null;
        else
            further.Remove((owner, owned.Grant));
        owned.Owner.Match<Releasing, bool>(new(this));
        Release(owned.Grant);
    }

    /// <summary>Puts a membership under another role.</summary>
    public void Move(MembershipState membership, UInt128 roleId, IReadOnlyCollection<UInt128>? rolePermissions)
    {
        if (membership.Role.Id == roleId)
            return;
        var previous = membership.Role;
        membership.Role = Acquire(new LoadedRole(roleId, rolePermissions));
        Drop(roles, previous);
    }

    private static SubjectState OwnerOf(OwnedGrant owned)
        => owned.Owner.Match<SubjectState>(static organization => organization, static (_, member) => member);

    // It holds one reference to each of its parts, for all of its keys together.
    private OwnedGrant Acquire(LoadedKey key)
    {
        var owned = Find(key);
        if (owned is null)
        {
            owned = new OwnedGrant(
                key.Environment, key.Owner.Match<Acquiring, Owner<OrganizationState, MembershipState>>(new(this)), Acquire(key.Grant));
            var owner = OwnerOf(owned);
            if (owner.FirstGrant is null)
                owner.FirstGrant = owned;
            else
                further.Add((owner, owned.Grant), owned);
        }

        owned.References++;
        return owned;
    }

    private OwnedGrant? Find(LoadedKey key)
    {
        var owner = key.Owner.Match<Finding, SubjectState?>(new(this));
        if (owner is null || !grants.TryGetValue(key.Grant.Id, out var grant))
            return null;
        return owner.FirstGrant?.Grant == grant ? owner.FirstGrant : further.GetValueOrDefault((owner, grant));
    }

    private OrganizationState Acquire(LoadedOrganization loaded)
    {
        if (!organizations.TryGetValue(loaded.Id, out var organization))
            organizations.Add(loaded.Id, organization = new OrganizationState(loaded.Id, loaded.Ended));
        organization.References++;
        return organization;
    }

    private MembershipState Acquire(LoadedMembership loaded, OrganizationState organization)
    {
        if (!memberships.TryGetValue(loaded.Id, out var membership))
        {
            if (!users.TryGetValue(loaded.UserId, out var user))
                users.Add(loaded.UserId, user = new UserState(loaded.UserId, loaded.UserEnded));
            user.References++;
            organization.References++;
            membership = new MembershipState(loaded.Id, organization, user, Acquire(loaded.Role), loaded.Status);
            memberships.Add(loaded.Id, membership);
        }

        membership.References++;
        return membership;
    }

    private RoleState Acquire(LoadedRole loaded)
    {
        if (!roles.TryGetValue(loaded.Id, out var role))
            roles.Add(loaded.Id, role = new RoleState(loaded.Id, loaded.Permissions?.ToFrozenSet()));
        role.References++;
        return role;
    }

    private GrantState Acquire(LoadedGrant loaded)
    {
        if (!grants.TryGetValue(loaded.Id, out var grant))
        {
            var states = new PermissionState[loaded.Permissions.Count];
            for (var i = 0; i < states.Length; i++)
                states[i] = Acquire(loaded.Permissions[i]);
            grants.Add(loaded.Id, grant = new GrantState(loaded.Id, states));
        }

        grant.References++;
        return grant;
    }

    private PermissionState Acquire(LoadedPermission loaded)
    {
        if (!permissions.TryGetValue(loaded.Id, out var permission))
            permissions.Add(loaded.Id, permission = new PermissionState(loaded.Id, loaded.Slug, loaded.Allowed, loaded.Ended));
        permission.References++;
        return permission;
    }

    private void Release(MembershipState membership)
    {
        if (--membership.References > 0)
            return;
        memberships.Remove(membership.Id);
        Release(membership.Organization);
        Drop(users, membership.User);
        Drop(roles, membership.Role);
    }

    private void Release(GrantState grant)
    {
        if (--grant.References > 0)
            return;
        grants.Remove(grant.Id);
        foreach (var permission in grant.Permissions)
            Drop(permissions, permission);
    }

    private void Release(OrganizationState organization) => Drop(organizations, organization);

    private readonly struct Acquiring(SubjectTable table)
        : IOwnerCases<LoadedOrganization, LoadedMembership, Owner<OrganizationState, MembershipState>>
    {
        public Owner<OrganizationState, MembershipState> Organization(LoadedOrganization organization)
            => Owner<OrganizationState, MembershipState>.OfOrganization(table.Acquire(organization));

        public Owner<OrganizationState, MembershipState> Member(LoadedOrganization organization, LoadedMembership member)
        {
            var state = table.Acquire(organization);
            return Owner<OrganizationState, MembershipState>.OfMember(state, table.Acquire(member, state));
        }
    }

    private readonly struct Finding(SubjectTable table) : IOwnerCases<LoadedOrganization, LoadedMembership, SubjectState?>
    {
        public SubjectState? Organization(LoadedOrganization organization) => table.Organization(organization.Id);

        public SubjectState? Member(LoadedOrganization organization, LoadedMembership member) => table.Membership(member.Id);
    }

    private readonly struct Releasing(SubjectTable table) : IOwnerCases<OrganizationState, MembershipState, bool>
    {
        public bool Organization(OrganizationState organization)
        {
            table.Release(organization);
            return true;
        }

        public bool Member(OrganizationState organization, MembershipState member)
        {
            table.Release(member);
            return Organization(organization);
        }
    }

    private static void Drop<T>(Dictionary<UInt128, T> table, T state)
        where T : SubjectState
    {
        if (--state.References == 0)
            table.Remove(state.Id);
    }
}
