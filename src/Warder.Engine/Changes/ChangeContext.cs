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
/// The context of a change: the caller, the environment and the right. It has the methods to read, to change, and to append an event.
/// </summary>
internal class ChangeContext
{
    /// <summary>Creates the context of a caller's changes.</summary>
    public ChangeContext(Node node, Caller caller, EventOrigin origin)
    {
        Node = node;
        Caller = caller;
        Origin = origin;
    }

    /// <summary>The server's node.</summary>
    public Node Node { get; }

    /// <summary>The caller that makes the changes.</summary>
    public Caller Caller { get; }

    /// <summary>The origin of the changes in their events.</summary>
    public EventOrigin Origin { get; }

    /// <summary>The number of the environment that the caller selects.</summary>
    public int Environment => Caller.Environment;

    /// <summary>The id of that environment. An environment that is being created is not in the registry yet.</summary>
    public string EnvironmentId
    {
        get => field ?? Node.Environments[Environment].Info.Id;
        init;
    }

    /// <summary>The right that a management key needs for the change.</summary>
    public Rights Right { get; init; }

    /// <summary>Whether the call is a dry run.</summary>
    public bool DryRun { get; set; }

    /// <summary>Whether the change is an ending, which the writer takes before other changes.</summary>
    public bool Ends { get; init; }

    /// <summary>Stores the answer for a retry; null when the caller gave no idempotency key.</summary>
    public IdempotentResponse? Keeper { get; set; }

    /// <summary>The fault for a management key that ended, or lost the right, during the request.</summary>
    protected static Fault Narrowed => Fault.Forbidden("insufficient_rights", "This management key ended, or lost rights, while the request was on its way.");

    /// <summary>Creates the context of Warder's own changes in an environment.</summary>
    public static ChangeContext System(Node node, int environment) => new(node, Caller.System(environment), EventOrigin.None);

    /// <summary>Creates a context of the same caller in another environment. The log of that environment gets the events.</summary>
    /// <param name="number">That environment's number.</param>
    /// <param name="id">Its id, when it is not in the registry yet.</param>
    public ChangeContext In(int number, string? id = null) => new(Node, Caller with { Environment = number }, Origin) { EnvironmentId = id! };

    /// <summary>Reads the store.</summary>
    public T Read<T>(Func<Session, T> read) => Node.Store.Read(read);

    /// <summary>
    /// Changes the store. When the task completes, the change is durable and in force. If the management key of the caller ended meanwhile,
    /// the call changes nothing.
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
                // A change in an environment that the same command creates needs no receipt: no verifier answers for it yet.
                if (commitment.Event.Environment == Environment)
                    Node.Receipts.Begin(draft = new ReceiptDraft(receiptId, EnvironmentId, commitment));
            });
        if (draft is null)
        {
            // A repeated request gets the receipt of the first. There is none if its server was killed before it had answered.
            return result is { Fault: null, Value.ReceiptId: { } id } ? result.Value.With(await Node.Receipts.Await(Environment, id)) : result;
        }

        var issued = Node.Receipts.Issue(draft);
        // A retry returns the receipt too, so the receipt must be durable before the answer: this process may end at any time.
        if (Keeper is not null)
            await Node.ReceiptWriter.TryWriteAsync();
        return result.Value.With(issued);
    }

    /// <summary>Appends an event about an object of this environment.</summary>
    public void Append(CommandContext context, string type, EventData data, string? organizationId, params IReadOnlyList<CacheDelta> effects)
        => context.Append(EventComposer.Compose(this, context, type, data, organizationId, effects));

    private Result<Answer> Run(CommandContext context, string receiptId, Func<CommandContext, Result<Answer>> command)
    {
        if (Caller.ManagementKeyId is { } managementKeyId)
            context.ActAs(Environment, managementKeyId, Caller.SecretId!);
        // The person must be of this environment. The command locks its row, so that an erasure waits until the event that names the person
        // is written.
        var person = Origin.OnBehalfOf is { } id ? UserTable.AskExists(context.Session, Environment, id) : null;
        Result<Answer> Make(CommandContext context)
        {
            var made = command(context);
            if (person is { First: false })
                return EventOrigin.UnknownPerson;
            return made.Fault is null && context.Affects(Environment) ? made.Value.Expecting(receiptId) : made;
        }

        var result = Keeper is { } keeper ? keeper.Run(context, Make) : Make(context);
        // The authority was read with the command's first query. A refused command leaves no change.
        return Caller.ManagementKeyId is null || (context.Authority.IsLive(context.Now) && (context.Authority.Rights & Right) != 0) ? result : Narrowed;
    }

    /// <summary>Draws a new id.</summary>
    public string NewId(IdKind kind, CommandContext context) => Id.New(kind, context.Now, Node.Entropy);
}
