using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Hosting;
using Warder.Engine.Management;
using Warder.Storage.Journal;

namespace Warder.Engine.Events;

/// <summary>The context that events are appended in: the environment, the caller that makes the changes, and their origin.</summary>
internal class EventContext
{
    private readonly EnvironmentRegistry environments;

    /// <summary>Creates the context of a caller's events.</summary>
    public EventContext(EnvironmentRegistry environments, Entropy entropy, Caller caller, EventOrigin origin)
    {
        this.environments = environments;
        (Entropy, Caller, Origin) = (entropy, caller, origin);
    }

    /// <summary>The caller that makes the changes.</summary>
    public Caller Caller { get; }

    /// <summary>The origin of the changes in their events.</summary>
    public EventOrigin Origin { get; }

    /// <summary>The source of secrets, salts and ids.</summary>
    public Entropy Entropy { get; }

    /// <summary>The number of the environment that the caller selects.</summary>
    public int Environment => Caller.Environment;

    /// <summary>The id of that environment. An environment that is being created is not in the registry yet.</summary>
    public string EnvironmentId
    {
        get => field ?? environments[Environment].Info.Id;
        private init;
    }

    /// <summary>Creates a context of the same caller in another environment. The log of that environment gets the events.</summary>
    /// <param name="number">That environment's number.</param>
    /// <param name="id">Its id, when it is not in the registry yet.</param>
    public EventContext In(int number, string? id = null) => new(
        environments, Entropy, Caller with { Environment = number }, Origin) { EnvironmentId = id! };

    /// <summary>Appends an event about an object of this environment.</summary>
    public void Append(
        CommandContext context, string type, EventData data, string? organizationId, params IReadOnlyList<CacheDelta> effects)
        => context.Append(EventComposer.Compose(this, context, type, data, organizationId, effects));

    /// <summary>Draws a new id.</summary>
    public string NewId(IdKind kind, CommandContext context) => Id.New(kind, context.Now, Entropy);
}

/// <summary>Creates the contexts of Warder's own events, which no caller requests.</summary>
internal sealed class SystemEvents(EnvironmentRegistry environments, Entropy entropy)
{
    /// <summary>Creates the context of an environment's events.</summary>
    public EventContext In(int environment) => new(environments, entropy, Caller.System(environment), EventOrigin.None);
}
