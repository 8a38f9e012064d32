using Warder.Core.Leases;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Storage;

namespace Warder.Engine.Management;

/// <summary>Authenticates management keys: from memory under the lease, and otherwise after a read of the store.</summary>
internal sealed class ManagementAuthentication(
    Lease lease, ManagementAuthority authority, NodeMemory memory, Availability availability, Clock clock)
{
    /// <summary>Whether memory decides now, without a read.</summary>
    public bool IsFromMemory => lease.IsHeld;

    /// <summary>
    /// Authenticates an <c>Authorization</c> header. Memory decides under the lease only, as for a validation.
    /// </summary>
    /// <returns>Null: the header has no known and live management key.</returns>
    /// <exception cref="StorageException">The store cannot be read now.</exception>
    public Credential? Authenticate(string? header)
    {
        if (MustRead(header))
            memory.Reload();
        return AuthenticateFromMemory(header);
    }

    /// <summary>As <see cref="Authenticate"/>. The calling thread does not wait for the store.</summary>
    /// <returns>Null: the header has no known and live management key.</returns>
    /// <exception cref="StorageException">The store cannot be read now.</exception>
    public ValueTask<Credential?> AuthenticateAsync(string? header)
        => MustRead(header) ? AuthenticateAfter(memory.ReloadAsync(), header) : ValueTask.FromResult(AuthenticateFromMemory(header));

    /// <summary>Authenticates an <c>Authorization</c> header from memory, whether or not the node holds its lease.</summary>
    /// <returns>Null: the header has no known and live management key.</returns>
    /// <exception cref="StorageException">Authentication is suspended.</exception>
    public Credential? AuthenticateFromMemory(string? header) => authority.Authenticate(header, clock.Now());

    /// <summary>Determines whether a header was good at the last read of the store.</summary>
    public bool HasRead(string? header) => authority.HasRead(header);

    private async ValueTask<Credential?> AuthenticateAfter(Task reload, string? header)
    {
        await reload;
        return AuthenticateFromMemory(header);
    }

    // Without a lease, every authentication reads again. A malformed token is refused without a read.
    private bool MustRead(string? header)
    {
        if (lease.IsHeld || !ManagementAuthority.IsWellFormed(header))
            return false;
        return availability.Refusal is { } refusal ? throw new StorageException(StorageFaultKind.Unavailable, refusal) : true;
    }
}
