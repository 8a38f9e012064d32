using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Server.Events;
using Warder.Server.Hosting;
using Warder.Server.Idempotency;
using Warder.Server.Management;
using Warder.Storage;

namespace Warder.Server.Http;

/// <summary>What every route has in common: who calls, may they, what do they say, and how "no" is said.</summary>
internal sealed partial class Dispatcher(Node node, ILogger<Dispatcher> logger)
{
    private const string IdempotencyHeader = "Idempotency-Key";
    private const string ReceiptHeader = "Warder-Receipt";
    private const string OnBehalfOfHeader = "Warder-On-Behalf-Of";
    private const long ComplaintMicroseconds = 1_000_000;

    private long complainedMicroseconds = -ComplaintMicroseconds;
    private int unsaid;

    /// <summary>The handler of a route.</summary>
    public RequestDelegate Handle(Route route)
    {
        var right = RightNames.Of(route.Right)[0];
        var direct = route.Direct?.Invoke(node);
        return http =>
        {
            if (node.Authenticate(http.Request.Headers.Authorization) is not { } credential)
                return Refusals.Unauthorized(http);
            if ((credential.Rights & route.Right) == 0)
                return Refusals.InsufficientRights(http, right);
            if (direct is null)
                return Run(http, route, credential.Caller);
            return direct(http, credential.Caller);
        };
    }

    /// <summary>Turns what a handler throws into an answer.</summary>
    public Task Guard(HttpContext http, RequestDelegate next)
    {
        RequestId.Give(http);
        Task handling;
        try
        {
            handling = next(http);
        }
        catch (Exception e)
        {
            handling = Task.FromException(e);
        }

        // What is answered by now, as validations are, needs no more machinery.
        return handling.IsCompletedSuccessfully && http.Response.StatusCode == 200 ? Task.CompletedTask : Finish(http, handling);
    }

    private async Task Finish(HttpContext http, Task handling)
    {
        try
        {
            await handling;
            if (!http.Response.HasStarted && http.Response.StatusCode is 404 or 405 or 415 && http.Response.ContentLength is null)
                await Refusals.ByStatus(http, http.Response.StatusCode);
        }
        catch (StorageException e)
        {
            Complain(e, RequestId.Of(http));
            await Refusals.Unavailable(http, e);
        }
        catch (BadHttpRequestException e)
        {
            await Refusals.ByStatus(http, e.StatusCode);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer.
        }
        catch (Exception e)
        {
            Failed(e, RequestId.Of(http));
            await Refusals.ByStatus(http, 500);
        }
    }

    private async Task Run(HttpContext http, Route route, Caller caller)
    {
        if (Origin(http, out var origin) is { } malformed)
        {
            await Refusals.Refuse(http, malformed);
            return;
        }

        var call = new Call(node, caller, http.Request, origin) { Right = route.Right };
        var fault = Inspect(http, route, call);
        if (fault is null && http.Request.Method is not ("GET" or "DELETE"))
            fault = await TakeBody(http, route, call);
        if (http.Response.HasStarted)
            return;
        // The body may have taken long to come, and the key may have ended, or lost the right, meanwhile. A command reads the authority again in its transaction.
        if (node.Authenticate(http.Request.Headers.Authorization) is not { } credential)
        {
            await Refusals.Unauthorized(http);
            return;
        }

        if ((credential.Rights & route.Right) == 0)
        {
            await Refusals.InsufficientRights(http, RightNames.Of(route.Right)[0]);
            return;
        }

        var result = fault is null ? await route.Run(call) : fault;
        if (result.Fault is { } refused)
            await Refusals.Refuse(http, refused);
        else
            await Respond(http, result.Value);
    }

    private static Task Respond(HttpContext http, Answer answer)
    {
        if (answer.ReceiptId is { } receipt)
            http.Response.Headers[ReceiptHeader] = receipt;
        return Refusals.Respond(http, answer.Status, answer.Body);
    }

    // A route that changes something must not do it because its caller misspelt "dry_run".
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
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        if (buffer.Length > 0 && route.Request is not null)
        {
            if (!http.Request.HasJsonContentType())
            {
                await Refusals.ByStatus(http, 415);
                return null;
            }

            var parsed = JsonText.Parse(buffer.ToArray());
            if (parsed.Fault is { } unparsable)
                return unparsable;
            http.Response.RegisterForDispose(parsed.Value);
            call.Take(parsed.Value);
        }

        return route.Idempotent ? KeepAnswer(http, call, buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) : null;
    }

    private Fault? KeepAnswer(HttpContext http, Call call, ReadOnlySpan<byte> body)
    {
        var keys = http.Request.Headers[IdempotencyHeader];
        if (keys.Count == 0)
            return null;
        if (keys.Count > 1 || keys[0] is not { Length: > 0 and <= Limits.IdempotencyKeyCharacters } key || key.Any(c => c is < '!' or > '~'))
            return Malformed(IdempotencyHeader, "Must be given once, as 1 to 255 visible ASCII characters.");
        var bearer = ManagementAuthority.TokenOf(http.Request.Headers.Authorization.ToString());
        call.Keeper = new AnswerKeeper(
            call.Caller.ManagementKeyId!, http.Request.Method, http.Request.Path + http.Request.QueryString, key, bearer, body, node.Entropy);
        return null;
    }

    private static Fault? Origin(HttpContext http, out EventOrigin origin)
    {
        var address = http.Connection.RemoteIpAddress;
        var source = (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
        string? person = null;
        if (http.Request.Headers.TryGetValue(OnBehalfOfHeader, out StringValues values))
            person = values.Count == 1 && Id.Is(IdKind.User, values[0]) ? values[0] : "";
        origin = new EventOrigin(RequestId.Of(http), source, person);
        return person is { Length: 0 } ? Malformed(OnBehalfOfHeader, "Must be one user's id: user_…") : null;
    }

    private static Fault Malformed(string header, string message)
        => new(FaultKind.Unparsable, "invalid_header", message) { Fields = [new FieldFault(header, "invalid_format", message)] };

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private partial void Failed(Exception exception, string requestId);

    // While the database is away every request fails: one line a second says so, and how many it stands for.
    private void Complain(StorageException exception, string requestId)
    {
        Interlocked.Increment(ref unsaid);
        var now = Clock.MonotonicMicroseconds();
        var before = Volatile.Read(ref complainedMicroseconds);
        if (now - before >= ComplaintMicroseconds && Interlocked.CompareExchange(ref complainedMicroseconds, now, before) == before)
            StoreFailed(exception.Kind, exception.Message, requestId, Interlocked.Exchange(ref unsaid, 0));
    }

    [LoggerMessage(LogLevel.Error, "The store failed ({Kind}) in request {RequestId}, {Requests} in all since it was last said: {Problem}")]
    private partial void StoreFailed(StorageFaultKind kind, string problem, string requestId, int requests);
}
