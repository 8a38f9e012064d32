using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Hosting;
using Warder.Engine.Management;
using Warder.Server.Events;
using Warder.Server.Hosting;
using Warder.Server.Http.Bodies;
using Warder.Server.Management;
using Warder.Storage;

namespace Warder.Server.Http;

/// <summary>One management call over HTTP: a change context with what the request says.</summary>
internal sealed class Call : ChangeContext
{
    private readonly HttpRequest request;
    private RequestBody? body;

    /// <summary>A call over HTTP.</summary>
    public Call(Node node, Caller caller, HttpRequest request, EventOrigin origin)
        : base(node, caller, origin)
        => this.request = request;

    /// <summary>Disposes of something once the answer was sent, or the connection is over.</summary>
    public void WhenAnswered(IDisposable held) => request.HttpContext.Response.RegisterForDispose(held);

    /// <summary>The query string.</summary>
    public QueryFields Query() => new(request.Query);

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string)request.RouteValues[name]!;

    /// <summary>Hands over the body as it was read.</summary>
    public void Take(RequestBody read) => body = read;

    /// <summary>The members of a JSON body; an absent body counts as an empty object.</summary>
    public JsonFields Body() => new(body?.Json?.RootElement ?? JsonDocument.Parse("{}").RootElement);

    /// <summary>The parameters of a form; an absent body has none.</summary>
    public IReadOnlyDictionary<string, string> Form() => body?.Form ?? new Dictionary<string, string>(0, StringComparer.Ordinal);

    /// <summary>The body as it came; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Raw() => body?.Bytes;

    /// <summary>
    /// Reads what may be much, from one snapshot, in the lane of such reads: see <see cref="Engine.Lists.ReadLane"/>. A caller whose key
    /// ended while it waited is refused.
    /// </summary>
    public async Task<Result<T>> ReadInLane<T>(Func<Session, Result<T>> read)
    {
        var isAuthentic = true;
        try
        {
            return await Node.Reads.Run(
                Caller, read, () => !request.HttpContext.RequestAborted.IsCancellationRequested
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
}
