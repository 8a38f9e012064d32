using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Warder.Contracts;
using Warder.Contracts.Errors;
using Warder.Core.Faults;
using Warder.Engine.Streams;
using Warder.Storage;

namespace Warder.Server.Http;

/// <summary>Writes refusals: one table maps faults to statuses, and every error has one shape.</summary>
internal static class Refusals
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Returns the status of a kind of fault.</summary>
    public static int StatusOf(FaultKind kind) => kind switch
    {
        FaultKind.Unparsable => 400,
        FaultKind.NotFound => 404,
        FaultKind.Forbidden => 403,
        FaultKind.Conflict => 409,
        FaultKind.Unavailable => 503,
        _ => 422,
    };

    /// <summary>Refuses with a fault.</summary>
    public static Task Refuse(HttpContext http, Fault fault)
    {
        if (fault.Kind == FaultKind.Unavailable)
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
        var errors = fault.Fields.Count == 0
            ? fault.Kind == FaultKind.Unparsable ? [] : null
            : fault.Fields.Take(Limits.ErrorFields).Select(
                field => new FieldError { Field = field.Field, Code = field.Code, Message = field.Message }).ToList();
        return Write(http, StatusOf(fault.Kind), fault.Code, Message(fault), errors);
    }

    /// <summary>Refuses a request without a good management key. The answer does not distinguish a missing key from a bad one.</summary>
    public static Task Unauthorized(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = http.Request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
        return Write(http, 401, "unauthorized", "Unauthorized: send a good management key as 'Authorization: Bearer wdrm_…'.", null);
    }

    /// <summary>Refuses a management key without the route's right.</summary>
    public static Task InsufficientRights(HttpContext http, string right)
        => Write(http, 403, "insufficient_rights", $"This management key lacks the right '{right}'.", null);

    /// <summary>Refuses a request beyond a rate.</summary>
    /// <param name="http">The request.</param>
    /// <param name="waitSeconds">The seconds after which a request is within the rate again.</param>
    /// <param name="message">The message, which names the rate.</param>
    public static Task TooManyRequests(HttpContext http, int waitSeconds, string message)
    {
        http.Response.Headers.RetryAfter = waitSeconds.ToString(CultureInfo.InvariantCulture);
        return Write(http, 429, "too_many_requests", message, null);
    }

    /// <summary>Refuses a request after a failure of the store.</summary>
    public static Task Unavailable(HttpContext http, StorageException exception)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return exception.Kind == StorageFaultKind.OutcomeUnknown
            ? Write(
                http, 503, "outcome_unknown",
                "It is not known whether the change was made: repeat it with the same Idempotency-Key, or look.", null)
            : Write(
                http, 503, "unavailable",
                http.GetEndpoint()?.Metadata.GetMetadata<Route>() is { IsChange: true }
                    ? "The store cannot be used now; nothing was changed. Try again."
                    : "The store cannot be used now. Try again.",
                null);
    }

    /// <summary>Refuses another connection of a replica. The code names the bound that is reached.</summary>
    public static Task NoPlace(HttpContext http, ShareBound bound)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return bound switch
        {
            ShareBound.ManagementKey => Write(
                http, 429, "too_many_replicas_of_key",
                $"{StreamLimits.ReplicasPerManagementKey} replicas are connected to this node with this management key."
                + " Use another key, or another node.",
                null),
            ShareBound.Environment => Write(
                http, 429, "too_many_replicas_of_environment",
                $"{StreamLimits.ReplicasPerNode / 2} replicas of this environment are connected to this node. Use another node.", null),
            _ => Write(http, 503, "too_many_replicas_of_node", "This node has no place for another replica. Use another node.", null),
        };
    }

    /// <summary>Refuses a body of a media type that the route does not accept.</summary>
    public static Task UnsupportedMediaType(HttpContext http, string expected)
        => Write(http, 415, "unsupported_media_type", $"Send {expected}.", null);

    /// <summary>Refuses an encoded body. The header names the one encoding that is accepted (RFC 9110).</summary>
    public static Task EncodedBody(HttpContext http)
    {
        http.Response.Headers.AcceptEncoding = "identity";
        return Write(http, 415, "unsupported_media_type", "Send the body as it is, without Content-Encoding.", null);
    }

    /// <summary>Refuses a target that cannot be read.</summary>
    public static Task Malformed(HttpContext http, string problem) => Write(http, 400, "bad_request", problem, null);

    /// <summary>Refuses by a status alone.</summary>
    public static Task ByStatus(HttpContext http, int status) => status switch
    {
        400 => Write(http, 400, "bad_request", "The request is malformed.", []),
        404 => Write(http, 404, "entity_not_found", "There is no such route.", null),
        405 => Write(http, 405, "method_not_allowed", "This route does not have this method.", null),
        408 => Write(http, 408, "request_timeout", "The body came too slowly.", null),
        413 => Write(http, 413, "content_too_large", $"The body is larger than {Limits.BodyBytes >> 20} MB.", null),
        415 => Write(http, 415, "unsupported_media_type", "Send application/json.", null),
        426 => Write(http, 426, "upgrade_required", "This route speaks WebSocket: send 'Upgrade: websocket'.", null),
        >= 500 => Write(http, 500, "internal_error", "Something went wrong in Warder. The request id helps to find it in the log.", null),
        _ => Write(http, status, "bad_request", "The request cannot be served.", null),
    };

    private static string Message(Fault fault)
        => fault.Fields.Count == 0
            ? fault.Message
            : string.Join(' ', fault.Fields.Take(5).Select(field => $"{field.Field}: {field.Message}"))
                + (fault.Fields.Count > Limits.ErrorFields
                    ? string.Create(CultureInfo.InvariantCulture, $" There are {fault.Fields.Count} faults.")
                    : "");

    private static Task Write(HttpContext http, int status, string code, string message, IReadOnlyList<FieldError>? errors)
    {
        if (http.Response.HasStarted)
            return Task.CompletedTask;
        var body = new ErrorBody { Message = message, Code = code, Errors = errors, RequestId = RequestId.Of(http) };
        return Respond(http, status, JsonSerializer.SerializeToUtf8Bytes(body, WarderJson.Wire.ErrorBody));
    }

    /// <summary>Writes a JSON answer.</summary>
    public static Task Respond(HttpContext http, int status, byte[]? body)
    {
        http.Response.StatusCode = status;
        if (body is null)
            return Task.CompletedTask;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body).AsTask();
    }
}
