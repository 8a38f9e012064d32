using Warder.Client;
using Warder.Core.Keys;

namespace Warder.Testing;

/// <summary>A key of a <see cref="TestWarder"/>. Each change is in force when its call returns.</summary>
public sealed class TestKey
{
    private readonly TestWarder warder;

    internal TestKey(TestWarder warder, string id, string value, Owner owner, TestKeyRequest request, DateTimeOffset createdAt)
    {
        this.warder = warder;
        (Id, Value, Owner, Name, CreatedAt) = (id, value, owner, request.Name, createdAt);
        (Permissions, ExpiresAt) = ([.. request.Permissions], request.ExpiresAt);
    }

    /// <summary><c>api_key_…</c></summary>
    public string Id { get; }

    /// <summary>The secret that a caller presents. It is valid in tests only.</summary>
    public string Value { get; }

    /// <summary>The key's name.</summary>
    public string Name { get; }

    /// <summary>The owner that the key acts for.</summary>
    public Owner Owner { get; }

    /// <summary>The granted permissions.</summary>
    public IReadOnlyList<string> Permissions { get; private set; }

    /// <summary>When the key ends by itself; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    internal DateTimeOffset CreatedAt { get; }

    internal KeyState State { get; private set; } = KeyState.Live;

    internal bool IsSuspended { get; private set; }

    /// <summary>Ends the key for good: <c>revoked</c>.</summary>
    public void Revoke() => warder.Change(() => State = KeyState.Revoked);

    /// <summary>Ends the key now: <c>expired</c>.</summary>
    public void Expire() => warder.Change(() => State = State == KeyState.Revoked ? KeyState.Revoked : KeyState.Expired);

    /// <summary>Schedules the key's end; null removes it.</summary>
    public void ExpireAt(DateTimeOffset? time) => warder.Change(() => ExpiresAt = time);

    /// <summary>Stops the key until it is resumed: <c>suspended</c>.</summary>
    public void Suspend() => warder.Change(() => IsSuspended = true);

    /// <summary>Resumes a suspended key.</summary>
    public void Resume() => warder.Change(() => IsSuspended = false);

    /// <summary>Replaces the granted permissions.</summary>
    public void SetPermissions(params IEnumerable<string> permissions)
    {
        IReadOnlyList<string> granted = [.. permissions];
        warder.Change(() => Permissions = granted);
    }

    /// <summary>Deactivates the membership of the key's owner, and so all keys of that member: <c>owner_inactive</c>.</summary>
    /// <exception cref="InvalidOperationException">The owner is an organization, which cannot be deactivated.</exception>
    public void DeactivateOwner() => warder.SetInactive(Member, isInactive: true);

    /// <summary>Reactivates the membership of the key's owner.</summary>
    /// <exception cref="InvalidOperationException">The owner is an organization, which cannot be deactivated.</exception>
    public void ReactivateOwner() => warder.SetInactive(Member, isInactive: false);

    /// <summary>Deletes the key's owner, an organization or a membership, and so all its keys: <c>revoked</c>.</summary>
    public void DeleteOwner() => warder.End(Owner);

    private MemberOwner Member
        => Owner as MemberOwner
            ?? throw new InvalidOperationException("An organization's own key has no membership: issue the key to a User.");
}
