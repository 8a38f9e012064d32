using Warder.Core.Events;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage.Access;
using Warder.Storage.Management;

namespace Warder.Storage.Journal;

/// <summary>What a command works with: it reads, decides and writes inside its batch's transaction, in a savepoint of its own.</summary>
/// <remarks>Used by the journal's writer thread only.</remarks>
public sealed class CommandContext(Session session)
{
    private readonly List<EventDraft> events = [];
    // By secret, for the batch: forgotten with the first command that may have changed one.
    private readonly Dictionary<string, Deferred<Authority>> authorities = new(StringComparer.Ordinal);
    private Deferred<Authority>? authority;

    /// <summary>The connection that writes.</summary>
    public Session Session { get; } = session;

    /// <summary>
    /// What the batch has read of permissions and roles; forgotten with the first command that changes any of them, or is taken back.
    /// </summary>
    public AccessReads Access { get; } = new();

    /// <summary>When the command runs: what it decides by, and what it writes as the time of the change.</summary>
    public Instant Now { get; private set; }

    /// <summary>Set by a command that answers without keeping its writes: a dry run.</summary>
    public bool RollBack { get; set; }

    /// <summary>The events appended so far by this command.</summary>
    internal IReadOnlyList<EventDraft> Events => events;

    /// <summary>Whether the command has changed, so far, what verifiers answer about an environment.</summary>
    public bool Affects(int environment) => events.Exists(draft => draft.Environment == environment && draft.CacheDeltas.Count > 0);

    /// <summary>
    /// The authority that the command decides by, as this transaction reads it: Warder's own, unless <see cref="ActAs"/> named a secret.
    /// The first read of it may wait for the database.
    /// </summary>
    public Authority Authority => authority is null ? Authority.System : authority.First ?? Authority.None;

    /// <summary>
    /// Has the command act as a secret of a management key. The row of the key stays locked until the transaction ends, so that no other
    /// node changes the authority in between: memory may not have applied yet what another node changed.
    /// </summary>
    public void ActAs(int environment, string keyId, string secretId)
    {
        if (!authorities.TryGetValue(secretId, out authority))
            authorities.Add(secretId, authority = ManagementKeyTable.DeferAuthority(Session, environment, keyId, secretId));
    }

    /// <summary>Appends an event to the log, in the same transaction as the state.</summary>
    public void Append(EventDraft draft) => events.Add(draft);

    /// <summary>Forgets what was read, unless the command left it as it was: then all that it did to memory was to some key.</summary>
    internal void Finish(bool stays)
    {
        if (!stays || events.Exists(draft => draft.CacheDeltas.Any(effect => effect.Kind != CacheDeltaKind.Key)))
            Forget();
    }

    /// <summary>Forgets what was read: nothing of it is locked any more.</summary>
    internal void Forget()
    {
        Access.Forget();
        authorities.Clear();
    }

    internal void Start(Instant now)
    {
        Now = now;
        RollBack = false;
        authority = null;
        events.Clear();
    }
}
