using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Warder.Contracts.Keys;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Idempotency;
using Warder.Engine.Management;
using Warder.Engine.Telemetry;
using Warder.Server.Connections;
using Warder.Server.Events;
using Warder.Server.Hosting;
using Warder.Server.Http.Bodies;
using Warder.Server.Http.Paths;
using Warder.Server.Management;
using Warder.Server.Telemetry;
using Warder.Storage;

namespace Warder.Server.Http;

/// <summary>Runs the steps that all routes share: authentication, the check of the right, the body, and refusals.</summary>
internal sealed partial class Dispatcher(
    CallParts parts, RequestRates rates, ClientAddress addresses, FailedAuthentications failed, Drain drain, ILogger<Dispatcher> logger)
{
    private const string IdempotencyHeader = "Idempotency-Key";
    private const string ReceiptHeader = "Warder-Receipt";

    private readonly LogThrottle storeFailures = new();
    private readonly LogThrottle unreadable = new();

    /// <summary>Logs each request; null: requests are not logged.</summary>
    public AccessLog? Access { get; set; }

    /// <summary>Creates the handler of a route.</summary>
    /// <param name="route">The row of the table.</param>
    /// <param name="services">The services that handlers are created from.</param>
    public RequestDelegate Handle(Route route, IServiceProvider services) => route.Access switch
    {
        RouteAccess.Everybody => HandlePublic(route.Public!(services)),
        RouteAccess.ManagementKey => HandleManagement(route, services),
        _ => throw new UnreachableException($"{route.Method} {route.Pattern} has a kind of access that nothing checks."),
    };

    private static RequestDelegate HandlePublic(RequestDelegate handler) => http =>
    {
        TrackedConnection.Note(http, authenticated: false);
        return handler(http);
    };

    private RequestDelegate HandleManagement(Route route, IServiceProvider services)
    {
        var right = RightNames.Of(route.Right)[0];
        var (run, direct) = (route.Run?.Invoke(services), route.Direct?.Invoke(services));
        // Validations and endings are never refused for the rate of their caller.
        var isLimited = route.Request != typeof(ValidateKeyRequest) && route.Request != typeof(ValidateKeysRequest) && !route.Ends;
        return http =>
        {
            string? header = http.Request.Headers.Authorization;
            if (parts.Authentication.IsFromMemory)
                return Admit(http, parts.Authentication.AuthenticateFromMemory(header));
            return WaitToRead(http, header) is not 0 and var wait ? TooManyFailures(http, wait) : AdmitLater(http, header);
        };

        async Task AdmitLater(HttpContext http, string? header)
            => await Admit(http, await parts.Authentication.AuthenticateAsync(header));

        Task Admit(HttpContext http, Credential? credential)
        {
            if (credential is null)
                return Unauthorized(http);
            TrackedConnection.Note(http, authenticated: true);
            if (Access is not null)
                AccessLog.NoteKey(http, credential.KeyId);
            // A dry run ends nothing.
            if ((isLimited || (route.DryRun && http.Request.QueryString.HasValue))
                && rates.TakeManagement(credential.KeyId) is not 0 and var seconds)
                return Refusals.TooManyRequests(
                    http, seconds,
                    "This management key sends more requests than its rate allows. Validations and endings are not limited.");
            if ((credential.Rights & route.Right) == 0)
                return Refusals.InsufficientRights(http, right);
            if (direct is null)
                return Run(http, route, run!, credential.Caller);
            return direct(http, credential.Caller);
        }
    }

    // Refusals are limited by address. A request with a good management key is not, so that failures of other clients at its address do not
    // affect it.
    private Task Unauthorized(HttpContext http)
    {
        var address = addresses.Of(http);
        failed.Note(http, address);
        return rates.TakeFailure(address) is not 0 and var wait ? TooManyFailures(http, wait) : Refusals.Unauthorized(http);
    }

    private static Task TooManyFailures(HttpContext http, int wait)
        => Refusals.TooManyRequests(http, wait, "Too many requests without a good management key came from this address.");

    // Without a lease, each authentication reads the store. A malformed token is refused without a read, and so is an unknown key once its
    // address exceeds the rate: otherwise a client without a key could cause unbounded reads.
    private int WaitToRead(HttpContext http, string? header)
        => parts.Authentication.HasRead(header) ? 0 : rates.WaitForFailure(addresses.Of(http));

    /// <summary>Converts the exceptions of a handler to answers.</summary>
    public Task Guard(HttpContext http, RequestDelegate next)
    {
        RequestId.Give(http);
        if (drain.IsUnderWay)
            Drain.CloseAfter(http);
        return Access is null ? Handle(http, next) : Record(http, next, Access);
    }

    private Task Record(HttpContext http, RequestDelegate next, AccessLog access)
    {
        var (started, method) = (Clock.MonotonicMicroseconds(), http.Request.Method);
        return access.Record(http, method, started, Handle(http, next));
    }

    private Task Handle(HttpContext http, RequestDelegate next)
    {
        if (RequestFraming.Problem(http.Request) is { } problem)
            return Unreadable(http, 400, problem);
        if (RequestTarget.Problem(http.Request) is { } target)
        {
            TrackedConnection.Note(http, authenticated: false);
            return Refusals.Malformed(http, target);
        }

        // HEAD is answered as GET is. Kestrel knows the method that was sent, and sends no body.
        if (HttpMethods.IsHead(http.Request.Method))
            http.Request.Method = HttpMethods.Get;
        Task handling;
        try
        {
            handling = next(http);
        }
        catch (Exception e)
        {
            handling = Task.FromException(e);
        }

        // A synchronous answer, as of most validations, needs no further steps.
        return handling.IsCompletedSuccessfully && http.Response.StatusCode == 200 ? Task.CompletedTask : Finish(http, handling);
    }

    private async Task Finish(HttpContext http, Task handling)
    {
        TrackedConnection.Note(http, authenticated: false);
        try
        {
            await handling;
            if (http.Response.Headers.Allow is [var allowed] && allowed?.Split(", ").Contains(HttpMethods.Get) is true)
                http.Response.Headers.Allow = allowed + ", " + HttpMethods.Head;
            if (!http.Response.HasStarted && http.Response.StatusCode is 404 or 405 or 415 && http.Response.ContentLength is null)
                await Refusals.ByStatus(http, http.Response.StatusCode);
        }
        catch (StorageException e)
        {
            LogThrottled(e, RequestId.Of(http));
            await Refusals.Unavailable(http, e);
        }
        catch (BadHttpRequestException e)
        {
            await Unreadable(http, e.StatusCode, e.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected.
        }
        catch (Exception e)
        {
            Failed(e, RequestId.Of(http));
            await Refusals.ByStatus(http, 500);
        }
    }

    // An unreadable request is the client's fault: one log line a second has the number of requests that it covers. The connection ends,
    // because the position of the next request on it is unknown.
    private Task Unreadable(HttpContext http, int status, string problem)
    {
        if (unreadable.IsDue(Clock.MonotonicMicroseconds(), out var suppressed))
            LogUnreadable(suppressed + 1, status, problem);
        if (HttpProtocol.IsHttp11(http.Request.Protocol) && !http.Response.HasStarted)
            http.Response.Headers.Connection = "close";
        return Refusals.ByStatus(http, status);
    }

    private async Task Run(HttpContext http, Route route, Operation run, Caller caller)
    {
        if (Origin(http, out var origin) is { } malformed)
        {
            await Refusals.Refuse(http, malformed);
            return;
        }

        var call = new Call(parts, caller, http.Request, origin) { Right = route.Right, Ends = route.Ends, QueryFields = route.Query };
        var fault = Inspect(http, route, call);
        if (fault is null && http.Request.Method is not ("GET" or "DELETE"))
            fault = await TakeBody(http, route, call);
        if (http.Response.HasStarted)
            return;
        // The body may have arrived slowly, and the management key may have ended or lost the right meanwhile. A command reads the
        // authority again in its transaction.
        if (await parts.Authentication.AuthenticateAsync(http.Request.Headers.Authorization) is not { } credential)
        {
            await Unauthorized(http);
            return;
        }

        if ((credential.Rights & route.Right) == 0)
        {
            await Refusals.InsufficientRights(http, RightNames.Of(route.Right)[0]);
            return;
        }

        var result = fault is null ? await run(call) : fault;
        if (result.Fault is { } refused)
            await Refusals.Refuse(http, refused);
        else
            await Respond(http, result.Value);
    }

    private static Task Respond(HttpContext http, Answer answer)
    {
        if (answer.ReceiptId is { } receipt)
            http.Response.Headers[ReceiptHeader] = receipt;
        return Refusals.Respond(http, StatusOf(answer.Kind), answer.Body);
    }

    private static int StatusOf(AnswerKind kind) => kind switch
    {
        AnswerKind.Created => StatusCodes.Status201Created,
        AnswerKind.NoContent => StatusCodes.Status204NoContent,
        _ => StatusCodes.Status200OK,
    };

    // A misspelt "dry_run" must be refused: otherwise the route would make the change.
    private static Fault? Inspect(HttpContext http, Route route, Call call)
    {
        if (http.Request.Method == "GET")
            return null;
        var query = call.Query();
        if (route.DryRun)
            call.DryRun = query.DryRun();
        return query.Fault();
    }

    private async Task<Fault?> TakeBody(HttpContext http, Route route, Call call)
    {
        if (RequestBody.IsEncoded(http.Request))
        {
            await Refusals.EncodedBody(http);
            return null;
        }

        var bytes = await RequestBody.ReadBytes(http);
        if (bytes.Length > 0 && !RequestBody.Takes(route.Body, http.Request))
        {
            await Refusals.UnsupportedMediaType(http, RequestBody.MediaTypeOf(route.Body));
            return null;
        }

        var body = RequestBody.Parse(route.Body, bytes, http);
        if (body.Fault is { } unparsable)
            return unparsable;
        call.Take(body.Value);
        return route.Idempotent ? KeepAnswer(http, route, call, bytes) : null;
    }

    private Fault? KeepAnswer(HttpContext http, Route route, Call call, ReadOnlySpan<byte> body)
    {
        var keys = http.Request.Headers[IdempotencyHeader];
        if (keys.Count == 0)
            return null;
        if (keys.Count > 1 || keys[0] is not { Length: > 0 and <= Limits.IdempotencyKeyCharacters } key
            || key.Any(c => c is < '!' or > '~'))
            return Malformed(IdempotencyHeader, "Must be given once, as 1 to 255 visible ASCII characters.");
        var bearer = ManagementAuthority.TokenOf(http.Request.Headers.Authorization.ToString());
        call.Keeper = new IdempotentResponse(
            call.Caller.ManagementKeyId!, route.Method, CanonicalTarget.Of(route, http.Request), key, bearer, body, call.Entropy);
        return null;
    }

    private Fault? Origin(HttpContext http, out EventOrigin origin)
    {
        var source = addresses.Of(http)?.ToString();
        string? person = null;
        if (http.Request.Headers.TryGetValue(EventOrigin.OnBehalfOfHeader, out StringValues values))
            person = values.Count == 1 && Id.Is(IdKind.User, values[0]) ? values[0] : "";
        origin = new EventOrigin(RequestId.Of(http), source, person);
        return person is { Length: 0 } ? Malformed(EventOrigin.OnBehalfOfHeader, "Must be one user's id: user_…") : null;
    }

    private static Fault Malformed(string header, string message)
        => new(FaultKind.Unparsable, "invalid_header", message) { Fields = [new FieldFault(header, "invalid_format", message)] };

    [LoggerMessage(
        LogLevel.Warning,
        "{Requests} requests could not be read since the last such line; the last was answered {Status}: {Problem}")]
    private partial void LogUnreadable(long requests, int status, string problem);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private partial void Failed(Exception exception, string requestId);

    // While the database is away every request fails: one line a second has the number of requests that it covers.
    private void LogThrottled(StorageException exception, string requestId)
    {
        if (storeFailures.IsDue(Clock.MonotonicMicroseconds(), out var suppressed))
            StoreFailed(exception.Kind, exception.Message, requestId, suppressed + 1);
    }

    [LoggerMessage(
        LogLevel.Error,
        "The store failed ({Kind}) in request {RequestId}, {Requests} in all since the last such line: {Problem}")]
    private partial void StoreFailed(StorageFaultKind kind, string problem, string requestId, long requests);
}
