using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Events;
using Warder.Engine.Hosting;
using Warder.Engine.Idempotency;
using Warder.Engine.Lists;
using Warder.Engine.Management;
using Warder.Engine.Nodes;
using Warder.Engine.Receipts;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Changes;

/// <summary>The parts of a node that changes go through.</summary>
/// <param name="Node">The node.</param>
/// <param name="Store">The database.</param>
/// <param name="Journal">The writer.</param>
/// <param name="Environments">The environments.</param>
/// <param name="Entropy">The source of secrets, salts and ids.</param>
/// <param name="Receipts">Issues the receipts of changes.</param>
/// <param name="ReceiptWriter">Writes them into the log.</param>
/// <param name="Clock">The process's clock.</param>
/// <param name="Reads">Runs long reads.</param>
internal sealed record ChangeParts(
    NodeIdentity Node, Store Store, Journal Journal, EnvironmentRegistry Environments, Entropy Entropy, ReceiptIssuer Receipts,
    ReceiptWriter ReceiptWriter, Clock Clock, ReadLane Reads);

/// <summary>
/// The context of a change: the caller, the environment and the right. It has the methods to read, to change, and to append an event.
/// </summary>
internal class ChangeContext : EventContext
{
    /// <summary>Creates the context of a caller's changes.</summary>
    public ChangeContext(ChangeParts parts, Caller caller, EventOrigin origin)
        : base(parts.Environments, parts.Entropy, caller, origin)
        => Parts = parts;

    /// <summary>The parts of the node that the change goes through.</summary>
    protected ChangeParts Parts { get; }

    /// <summary>The node that makes the change.</summary>
    public NodeIdentity NodeIdentity => Parts.Node;

    /// <summary>The process's clock.</summary>
    public Clock Clock => Parts.Clock;

    /// <summary>The prefix of the API keys that the caller's environment issues.</summary>
    public string KeyPrefix => Parts.Environments[Environment].Info.KeyPrefix;

    /// <summary>Whether other nodes may change the same database.</summary>
    public bool IsShared => Parts.Store.IsShared;

    /// <summary>The right that a management key needs for the change.</summary>
    public Rights Right { get; init; }

    /// <summary>Whether the call is a dry run.</summary>
    public bool DryRun { get; set; }

    /// <summary>Whether the change is an ending, which the writer takes before other changes.</summary>
    public bool Ends { get; init; }

    /// <summary>Stores the answer for a retry; null when the caller gave no idempotency key.</summary>
    public IdempotentResponse? Keeper { get; set; }

    /// <summary>The fault for a management key that ended, or lost the right, during the request.</summary>
    private static Fault Narrowed
        => Fault.Forbidden("insufficient_rights", "This management key ended, or lost rights, while the request was on its way.");

    /// <summary>Whether the caller still waits for the answer.</summary>
    protected virtual bool IsAwaited => true;

    /// <summary>
    /// Whether the caller is authentic now and has the right. A surface with callers that have management keys authenticates the caller
    /// again, so that a key that ended during a wait reads nothing. Without a surface only Warder's own calls may read.
    /// </summary>
    protected virtual bool IsAuthorized => Caller.ManagementKeyId is null;

    /// <summary>Reads the store.</summary>
    public T Read<T>(Func<Session, T> read) => Parts.Store.Read(read);

    /// <summary>
    /// Runs a potentially long read on one snapshot in the <see cref="ReadLane"/>. A caller is refused if its management key
    /// ended during the wait.
    /// </summary>
    public async Task<Result<T>> ReadInLane<T>(Func<Session, Result<T>> read)
    {
        var isAuthorized = true;
        try
        {
            return await Parts.Reads.Run(Caller, read, () => IsAwaited && (isAuthorized = IsAuthorized));
        }
        catch (OperationCanceledException) when (!isAuthorized)
        {
            return Narrowed;
        }
    }

    /// <summary>
    /// Changes the store. When the task completes, the change is durable and in force. If the management key of the caller ended meanwhile,
    /// the call changes nothing.
    /// </summary>
    public async Task<Result<Answer>> Change(Func<CommandContext, Result<Answer>> command)
    {
        var receiptId = Parts.Receipts.NewId();
        ReceiptDraft? draft = null;
        var result = await Parts.Journal.Submit(
            context => Run(context, receiptId, command),
            new CommandOrigin(Environment, Caller.ManagementKeyId ?? "", Ends),
            commitment =>
            {
                // A change in an environment that the same command creates needs no receipt: no verifier answers for it yet.
                if (commitment.Event.Environment == Environment)
                    Parts.Receipts.Begin(draft = new ReceiptDraft(receiptId, EnvironmentId, commitment));
            });
        if (draft is null)
        {
            // A repeated request gets the receipt of the first. There is none if its server was killed before it had answered.
            return result is { Fault: null, Value.ReceiptId: { } id }
                ? result.Value.With(await Parts.Receipts.Await(Environment, id))
                : result;
        }

        var issued = Parts.Receipts.Issue(draft);
        // A retry returns the receipt too, so the receipt must be durable before the answer: this process may end at any time.
        if (Keeper is not null)
            await Parts.ReceiptWriter.TryWriteAsync();
        return result.Value.With(issued);
    }

    private Result<Answer> Run(CommandContext context, string receiptId, Func<CommandContext, Result<Answer>> command)
    {
        if (Caller.ManagementKeyId is { } managementKeyId)
            context.ActAs(Environment, managementKeyId, Caller.SecretId!);
        // The person must be of this environment. The command locks its row, so that an erasure waits until the event that names the person
        // is written.
        var person = Origin.OnBehalfOf is { } id ? UserTable.DeferExists(context.Session, Environment, id) : null;
        Result<Answer> Make(CommandContext context)
        {
            var made = command(context);
            if (person is { First: false })
                return EventOrigin.UnknownPerson;
            return made.Fault is null && context.Affects(Environment) ? made.Value.Expecting(receiptId) : made;
        }

        var result = Keeper is { } keeper ? keeper.Run(context, Make) : Make(context);
        // The authority was read with the command's first query. A refused command leaves no change.
        return Caller.ManagementKeyId is null || (context.Authority.IsLive(context.Now) && (context.Authority.Rights & Right) != 0)
            ? result
            : Narrowed;
    }
}
