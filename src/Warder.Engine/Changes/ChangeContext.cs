using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Events;
using Warder.Engine.Hosting;
using Warder.Engine.Idempotency;
using Warder.Engine.Management;
using Warder.Engine.Receipts;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Changes;

/// <summary>
/// Holds who makes changes, in which environment and under which right. Has the ways to read, to change, and to append an event.
/// </summary>
internal class ChangeContext
{
    /// <summary>The context of what a caller changes.</summary>
    public ChangeContext(Node node, Caller caller, EventOrigin origin)
    {
        Node = node;
        Caller = caller;
        Origin = origin;
    }

    /// <summary>The server.</summary>
    public Node Node { get; }

    /// <summary>Who makes the changes.</summary>
    public Caller Caller { get; }

    /// <summary>What events say of where they came from.</summary>
    public EventOrigin Origin { get; }

    /// <summary>The number of the environment that the caller selects.</summary>
    public int Environment => Caller.Environment;

    /// <summary>That environment's id. One that is being made is not in the registry yet.</summary>
    public string EnvironmentId
    {
        get => field ?? Node.Environments[Environment].Info.Id;
        init;
    }

    /// <summary>The right without which a management key changes nothing.</summary>
    public Rights Right { get; init; }

    /// <summary>Whether the caller only wants to know what would end.</summary>
    public bool DryRun { get; set; }

    /// <summary>Whether it ends a right: then it is written before what does not.</summary>
    public bool Ends { get; init; }

    /// <summary>How to keep the answer for a retry; null when the caller gave no idempotency key.</summary>
    public IdempotentResponse? Keeper { get; set; }

    /// <summary>The fault for a management key that changes nothing any more.</summary>
    protected static Fault Narrowed => Fault.Forbidden("insufficient_rights", "This management key ended, or lost rights, while the request was on its way.");

    /// <summary>Warder itself, in an environment.</summary>
    public static ChangeContext System(Node node, int environment) => new(node, Caller.System(environment), EventOrigin.None);

    /// <summary>The same caller in another environment, whose log gets the events.</summary>
    /// <param name="number">That environment's number.</param>
    /// <param name="id">Its id, when it is not in the registry yet.</param>
    public ChangeContext In(int number, string? id = null) => new(Node, Caller with { Environment = number }, Origin) { EnvironmentId = id! };

    /// <summary>Reads the store.</summary>
    public T Read<T>(Func<Session, T> read) => Node.Store.Read(read);

    /// <summary>
    /// Changes the store: when the task ends, the change is durable and in force. A caller whose key ended meanwhile changes nothing.
    /// </summary>
    public async Task<Result<Answer>> Change(Func<CommandContext, Result<Answer>> command)
    {
        var receiptId = Node.Receipts.NewId();
        ReceiptDraft? draft = null;
        var result = await Node.Journal.Submit(
            context => Run(context, receiptId, command),
            new CommandOrigin(Environment, Caller.ManagementKeyId ?? "", Ends),
            commitment =>
            {
                // What is made in an environment that is new is nothing that anybody answers by yet.
                if (commitment.Event.Environment == Environment)
                    Node.Receipts.Begin(draft = new ReceiptDraft(receiptId, EnvironmentId, commitment));
            });
        if (draft is null)
        {
            // A repeated request gets the receipt of the first. There is none if its server was killed before it had answered.
            return result is { Fault: null, Value.ReceiptId: { } id } ? result.Value.With(await Node.Receipts.Await(Environment, id)) : result;
        }

        var issued = Node.Receipts.Issue(draft);
        // What is given again must be there to be given, whatever happens to this process.
        if (Keeper is not null)
            await Node.ReceiptWriter.TryWriteAsync();
        return result.Value.With(issued);
    }

    /// <summary>Appends an event about something of this environment.</summary>
    public void Append(CommandContext context, string type, EventData data, string? organizationId, params IReadOnlyList<CacheDelta> effects)
        => context.Append(EventComposer.Compose(this, context, type, data, organizationId, effects));

    private Result<Answer> Run(CommandContext context, string receiptId, Func<CommandContext, Result<Answer>> command)
    {
        if (Caller.ManagementKeyId is { } managementKeyId)
            context.ActAs(Environment, managementKeyId, Caller.SecretId!);
        // The person must be of this environment. Its row is held, so that an erasure waits until the event that names the person is
        // written.
        var person = Origin.OnBehalfOf is { } id ? UserTable.AskExists(context.Session, Environment, id) : null;
        Result<Answer> Make(CommandContext context)
        {
            var made = command(context);
            if (person is { First: false })
                return EventOrigin.UnknownPerson;
            return made.Fault is null && context.Affects(Environment) ? made.Value.Expecting(receiptId) : made;
        }

        var result = Keeper is { } keeper ? keeper.Run(context, Make) : Make(context);
        // The authority came with the command's first answer. Of a refused command nothing stays.
        return Caller.ManagementKeyId is null || (context.Authority.IsLive(context.Now) && (context.Authority.Rights & Right) != 0) ? result : Narrowed;
    }

    /// <summary>A new id.</summary>
    public string NewId(IdKind kind, CommandContext context) => Id.New(kind, context.Now, Node.Entropy);
}
