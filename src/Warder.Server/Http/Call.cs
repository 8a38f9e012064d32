using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Server.Events;
using Warder.Server.Hosting;
using Warder.Server.Http.Bodies;
using Warder.Server.Idempotency;
using Warder.Server.Management;
using Warder.Server.Receipts;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Server.Http;

/// <summary>One management call: who makes it, what it says, and the ways to read, to change, and to leave an event.</summary>
internal sealed class Call
{
    private readonly HttpRequest? request;
    private RequestBody? body;

    /// <summary>A call over HTTP.</summary>
    public Call(Node node, Caller caller, HttpRequest? request, EventOrigin origin)
    {
        Node = node;
        Caller = caller;
        this.request = request;
        Origin = origin;
    }

    /// <summary>The server.</summary>
    public Node Node { get; }

    /// <summary>Who makes it.</summary>
    public Caller Caller { get; }

    /// <summary>What events say of where it came from.</summary>
    public EventOrigin Origin { get; }

    /// <summary>The number of the environment that the caller selects.</summary>
    public int Environment => Caller.Environment;

    /// <summary>That environment's id. One that is being made is not in the registry yet.</summary>
    public string EnvironmentId
    {
        get => field ?? Node.Environments[Environment].Info.Id;
        init;
    }

    /// <summary>The right without which the call changes nothing: the route's.</summary>
    public Rights Right { get; init; }

    /// <summary>Whether the caller only wants to know what would end.</summary>
    public bool DryRun { get; set; }

    /// <summary>Whether it ends a right: then it is written before what does not.</summary>
    public bool Ends { get; init; }

    /// <summary>How to keep the answer for a retry; null when the call has no idempotency key.</summary>
    public IdempotentResponse? Keeper { get; set; }

    /// <summary>Disposes of something once the answer was sent, or the connection is over.</summary>
    public void WhenAnswered(IDisposable held) => request!.HttpContext.Response.RegisterForDispose(held);

    /// <summary>The query string.</summary>
    public QueryFields Query() => new(request!.Query);

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string)request!.RouteValues[name]!;

    /// <summary>Hands over the body as it was read.</summary>
    public void Take(RequestBody read) => body = read;

    /// <summary>The members of a JSON body; an absent body counts as an empty object.</summary>
    public JsonFields Body() => new(body?.Json?.RootElement ?? JsonDocument.Parse("{}").RootElement);

    /// <summary>The parameters of a form; an absent body has none.</summary>
    public IReadOnlyDictionary<string, string> Form() => body?.Form ?? new Dictionary<string, string>(0, StringComparer.Ordinal);

    /// <summary>The body as it came; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Raw() => body?.Bytes;

    /// <summary>Reads the store.</summary>
    public T Read<T>(Func<Session, T> read) => Node.Store.Read(read);

    /// <summary>
    /// Reads what may be much, from one snapshot, in the lane of such reads: see <see cref="Lists.ReadLane"/>. A caller whose key ended
    /// while it waited is refused.
    /// </summary>
    public async Task<Result<T>> ReadInLane<T>(Func<Session, Result<T>> read)
    {
        var isAuthentic = true;
        try
        {
            return await Node.Reads.Run(
                Caller, read, () => !request!.HttpContext.RequestAborted.IsCancellationRequested
                    && (isAuthentic = Node.Authenticate(request.Headers.Authorization) is { } now && (now.Rights & Right) == Right));
        }
        catch (OperationCanceledException) when (!isAuthentic)
        {
            return Narrowed;
        }
    }

    /// <summary>Reads one thing from one snapshot and shows it.</summary>
    /// <param name="find">How to find it; null when there is none.</param>
    /// <param name="shape">What it is shown as.</param>
    /// <param name="type">How that is written.</param>
    /// <param name="what">What is not there, if it is not.</param>
    public Task<Result<Answer>> Show<T, TShape>(Func<Session, T?> find, Func<T, TShape> shape, JsonTypeInfo<TShape> type, string what)
        where T : class
    {
        if (Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        return Task.FromResult<Result<Answer>>(
            Node.Store.ReadSnapshot(find) is { } found ? Answer.Ok(shape(found), type) : Fault.NotFound(what));
    }

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
        if (request is not null)
            context.ActAs(Environment, Caller.ManagementKeyId!, Caller.SecretId!);
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
        return request is null || (context.Authority.IsLive(context.Now) && (context.Authority.Rights & Right) != 0) ? result : Narrowed;
    }

    private static Fault Narrowed => Fault.Forbidden("insufficient_rights", "This management key ended, or lost rights, while the request was on its way.");

    /// <summary>A new id.</summary>
    public string NewId(IdKind kind, CommandContext context) => Id.New(kind, context.Now, Node.Entropy);
}
