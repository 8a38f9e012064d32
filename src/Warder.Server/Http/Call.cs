using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Management;
using Warder.Server.Events;
using Warder.Server.Hosting;
using Warder.Server.Http.Bodies;
using Warder.Server.Http.Paths;
using Warder.Server.Management;
using Warder.Storage;

namespace Warder.Server.Http;

/// <summary>The parts of a node that calls use.</summary>
/// <param name="Changes">The parts that changes go through.</param>
/// <param name="Authentication">Authenticates the management keys of the calls.</param>
internal sealed record CallParts(ChangeParts Changes, ManagementAuthentication Authentication);

/// <summary>One management call over HTTP: a change context with the content of the request.</summary>
internal sealed class Call : ChangeContext
{
    private readonly CallParts parts;
    private readonly HttpRequest request;
    private RequestBody? body;

    /// <summary>Creates the context of a request.</summary>
    public Call(CallParts parts, Caller caller, HttpRequest request, EventOrigin origin)
        : base(parts.Changes, caller, origin)
        => (this.parts, this.request) = (parts, request);

    /// <inheritdoc/>
    protected override bool IsAwaited => !request.HttpContext.RequestAborted.IsCancellationRequested;

    /// <inheritdoc/>
    protected override bool IsAuthorized
        => parts.Authentication.Authenticate(request.Headers.Authorization) is { } now && (now.Rights & Right) == Right;

    /// <summary>Disposes of an object after the answer was sent, or when the connection has ended.</summary>
    public void WhenAnswered(IDisposable held) => request.HttpContext.Response.RegisterForDispose(held);

    /// <summary>The query parameters that the route declares.</summary>
    public IReadOnlyList<QueryField> QueryFields { get; init; } = [];

    /// <summary>Returns the query string.</summary>
    public QueryFields Query() => new(request.Query, QueryFields);

    /// <summary>Returns a parameter of the path, decoded once.</summary>
    public string Route(string name) => RequestTarget.Value(request, name);

    /// <summary>Sets the body that was read.</summary>
    public void Take(RequestBody read) => body = read;

    /// <summary>Returns the members of a JSON body; an absent body counts as an empty object.</summary>
    public JsonFields Body() => new(body?.Json?.RootElement ?? JsonDocument.Parse("{}").RootElement);

    /// <summary>Returns the parameters of a form; an absent body has none.</summary>
    public IReadOnlyDictionary<string, string> Form() => body?.Form ?? new Dictionary<string, string>(0, StringComparer.Ordinal);

    /// <summary>Returns the bytes of the body as received; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Raw() => body?.Bytes;

    /// <summary>Reads the store, all in one snapshot.</summary>
    public T ReadSnapshot<T>(Func<Session, T> read) => Parts.Store.ReadSnapshot(read);

    /// <summary>Reads one object from one snapshot, and answers with it.</summary>
    /// <param name="find">Finds the object; null when there is none.</param>
    /// <param name="shape">Converts the object to the form that answers show.</param>
    /// <param name="type">The JSON type of that form.</param>
    /// <param name="what">The name of the object in a 404.</param>
    public Task<Result<Answer>> Show<T, TShape>(Func<Session, T?> find, Func<T, TShape> shape, JsonTypeInfo<TShape> type, string what)
        where T : class
    {
        if (Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        return Task.FromResult<Result<Answer>>(
            ReadSnapshot(find) is { } found ? Answer.Ok(shape(found), type) : Fault.NotFound(what));
    }
}
