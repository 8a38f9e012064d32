using Warder.Core.Events;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Storage.Access;
using Warder.Storage.Management;

namespace Warder.Storage.Journal;

/// <summary>What a command works with: it reads, decides and writes inside its batch's transaction, in a savepoint of its own.</summary>
/// <remarks>Used by the journal's writer thread only.</remarks>
public sealed class CommandContext(Session session)
{
    private readonly List<EventDraft> events = [];
    private readonly Dictionary<string, Asked<Rights>> standings = new(StringComparer.Ordinal);

    /// <summary>The connection that writes.</summary>
    public Session Session { get; } = session;

    /// <summary>What the batch has read of permissions and roles; forgotten with the first command that changes any of them, or is taken back.</summary>
    public AccessReads Access { get; } = new();

    /// <summary>When the command runs: what it decides by, and what it writes as the time of the change.</summary>
    public Instant Now { get; private set; }

    /// <summary>Set by a command whose writes shall not stay although it answers: a dry run.</summary>
    public bool RollBack { get; set; }

    /// <summary>The events appended so far by this command.</summary>
    internal IReadOnlyList<EventDraft> Events => events;

    /// <summary>Whether the command has changed, so far, what verifiers answer about an environment.</summary>
    public bool Affects(int environment) => events.Exists(draft => draft.Environment == environment && draft.Effects.Count > 0);

    /// <summary>Asks what a management key's secret is still good for, by what the store says: memory may not have heard yet of what another node changed.</summary>
    public Asked<Rights> AskRights(int environment, string keyId, string secretId)
    {
        if (!standings.TryGetValue(secretId, out var standing))
            standings.Add(secretId, standing = ManagementKeyTable.AskRights(Session, environment, keyId, secretId));
        return standing;
    }

    /// <summary>Appends an event to the log, in the same transaction as the state.</summary>
    public void Append(EventDraft draft) => events.Add(draft);

    /// <summary>Forgets what was read, unless the command left it as it was: then all that it did to memory was to some key.</summary>
    internal void Settle(bool stays)
    {
        if (!stays || events.Exists(draft => draft.Effects.Any(effect => effect.Kind != EffectKind.Key)))
            Forget();
    }

    /// <summary>Forgets what was read: nothing of it is locked any more.</summary>
    internal void Forget()
    {
        Access.Forget();
        standings.Clear();
    }

    internal void Start(Instant now)
    {
        Now = now;
        RollBack = false;
        events.Clear();
    }
}
