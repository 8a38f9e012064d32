using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Warder.Contracts.Keys;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Core.Verification;
using Warder.Engine.Changes;
using Warder.Engine.Hosting;
using Warder.Engine.Management;
using Warder.Engine.Nodes;
using Warder.Engine.Verification;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Server.Http.Bodies;
using Warder.Server.Management;

namespace Warder.Server.Verification;

/// <summary>
/// Answers validations: 200 for every allow and deny. The handler reads the body in place, and writes the answer without a serializer.
/// </summary>
internal sealed class ValidateKey(
    Validator validator, EnvironmentRegistry environments, ManagementAuthentication authentication, NodeIdentity identity)
{
    /// <summary>The route of one validation.</summary>
    public static Route One { get; } = Validation<ValidateKeyRequest, Validation>(
        "/api_keys/validations", "Validate a key", static keys => keys.AnswerOne);

    /// <summary>The route of up to a hundred validations.</summary>
    public static Route Batch { get; } = Validation<ValidateKeysRequest, ValidationBatch>(
        "/api_keys/validations/batch", "Validate up to 100 keys in one call", static keys => keys.AnswerBatch);

    // Marks a request that must read the store first. Never sent.
    private static readonly Fault MustWait = new(FaultKind.Unavailable, "unavailable", "");

    // Marks a request after the end of its management key during the wait. Never sent.
    private static readonly Fault NotAuthentic = new(FaultKind.Forbidden, "unauthorized", "");

    private static readonly Fault TooOld = new(
        FaultKind.Unavailable, "unavailable",
        "This node's version does not know all that decisions of this environment depend on. Ask another node, or upgrade this one.");

    private static readonly Fault TooManyMisses = new(
        FaultKind.Unavailable, "unavailable", "Too many keys of this environment that are not in memory are being looked up. Try again.");

    // A body of more bytes may have so many tokens that its answer takes milliseconds of a processor.
    private const int SmallBodyBytes = 1_024;

    private delegate Fault? Answerer(EnvironmentState environment, ReadOnlySpan<byte> body, AnswerBuffer answer, ref RequestMisses misses);

    private static Route Validation<TRequest, TResponse>(string pattern, string summary, Func<ValidateKey, Answerer> answererOf)
        => Route.Own(
            "POST", pattern, Rights.KeysValidate, summary, Route.Bind<ValidateKey, DirectHandler>(keys => keys.HandlerOf(answererOf(keys))))
            with { Body = BodyKind.Json, Request = typeof(TRequest), Response = typeof(TResponse) };

    private DirectHandler HandlerOf(Answerer answerer) => (http, caller) => Handle(http, caller, answerer);

    private Task Handle(HttpContext http, Caller caller, Answerer answerer)
    {
        if (RequestBody.IsEncoded(http.Request))
            return Refusals.EncodedBody(http);
        if (!RequestBody.IsJson(http.Request))
            return Refusals.ByStatus(http, 415);
        if (http.Request.QueryString.HasValue && new QueryFields(http.Request.Query, []).Fault() is { } fault)
            return Refusals.Refuse(http, fault);
        // A body of this size has mostly arrived with its headers.
        ReadResult result;
        try
        {
            if (!http.Request.BodyReader.TryRead(out result))
                return AnswerLater(http, answerer);
        }
        catch (Exception e) when (RequestFraming.IsUnreadable(e))
        {
            throw RequestFraming.Unreadable(e);
        }

        if (result.IsCompleted)
            return Answer(http, caller, answerer, result);
        http.Request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        return AnswerLater(http, answerer);
    }

    private async Task AnswerLater(HttpContext http, Answerer answerer)
    {
        ReadResult result;
        try
        {
            while (!(result = await http.Request.BodyReader.ReadAsync(http.RequestAborted)).IsCompleted)
                http.Request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
        catch (Exception e) when (RequestFraming.IsUnreadable(e))
        {
            throw RequestFraming.Unreadable(e);
        }

        // The body may have arrived slowly, and the management key may have ended meanwhile.
        Caller? caller = null;
        try
        {
            if (await authentication.AuthenticateAsync(http.Request.Headers.Authorization) is { } credential
                && (credential.Rights & Rights.KeysValidate) != 0)
                caller = credential.Caller;
        }
        finally
        {
            // A refusal, or the answer to a failed read, must find the body consumed.
            if (caller is null)
                http.Request.BodyReader.AdvanceTo(result.Buffer.End);
        }

        await (caller is null ? Refusals.Unauthorized(http) : Answer(http, caller, answerer, result));
    }

    private Task Answer(HttpContext http, Caller caller, Answerer answerer, ReadResult result)
    {
        var body = result.Buffer.IsSingleSegment ? result.Buffer.FirstSpan : result.Buffer.ToArray();
        var answer = AnswerBuffer.Rent();
        var misses = default(RequestMisses);
        byte[]? waiting = null;
        Fault? fault;
        try
        {
            fault = answerer(environments[caller.Environment], body, answer, ref misses);
            if (ReferenceEquals(fault, MustWait))
                waiting = body.ToArray();
        }
        finally
        {
            // Consumed after a failure of the store too: the refusal must find the body consumed.
            http.Request.BodyReader.AdvanceTo(result.Buffer.End);
        }

        if (fault is null)
        {
            validator.Count(misses);
            return answer.SendAsync(http.Response);
        }

        answer.Return();
        return waiting is null ? Refusals.Refuse(http, fault) : AnswerInTurn(http, caller.Environment, answerer, waiting, misses);
    }

    // Waits, without a thread, for a place among the requests that read the store, and for the reads. Then the request is answered from its
    // beginning. A key that was evicted from memory meanwhile is read in its turn.
    private async Task AnswerInTurn(HttpContext http, int environment, Answerer answerer, byte[] body, RequestMisses misses)
    {
        if (!await validator.Misses.EnterAsync(environment, body.Length))
        {
            await Refusals.Refuse(http, TooManyMisses);
            return;
        }

        var answer = AnswerBuffer.Rent();
        Fault? fault;
        try
        {
            misses.ReadsApart = true;
            do
            {
                await validator.ReadAsync(environments[environment], misses.TakeUnread());
                // The management key may have ended meanwhile.
                if (await authentication.AuthenticateAsync(http.Request.Headers.Authorization) is not { } credential
                    || (credential.Rights & Rights.KeysValidate) == 0)
                    fault = NotAuthentic;
                else if (body.Length <= SmallBodyBytes)
                    fault = AnswerAgain(environment, answerer, body, answer, ref misses);
                else
                    fault = await validator.Reads.RunAsync(
                        environment, () => AnswerAgain(environment, answerer, body, answer, ref misses));
            }
            while (ReferenceEquals(fault, MustWait));
        }
        finally
        {
            validator.Misses.Leave(environment);
        }

        if (fault is null)
        {
            validator.Count(misses);
            await answer.SendAsync(http.Response);
            return;
        }

        answer.Return();
        await (ReferenceEquals(fault, NotAuthentic) ? Refusals.Unauthorized(http) : Refusals.Refuse(http, fault));
    }

    private Fault? AnswerAgain(int environment, Answerer answerer, byte[] body, AnswerBuffer answer, ref RequestMisses misses)
    {
        answer.Clear();
        misses.Begin();
        return answerer(environments[environment], body, answer, ref misses);
    }

    // The buffers for token and permissions are written before they are read. Without the attribute, each call would clear their kilobytes.
    [SkipLocalsInit]
    private Fault? AnswerOne(EnvironmentState environment, ReadOnlySpan<byte> body, AnswerBuffer answer, ref RequestMisses misses)
    {
        var reader = new ValidationReader(stackalloc byte[ValidationReader.TokenBytes], stackalloc byte[ValidationReader.PermissionBytes]);
        if (reader.TryReadBody(body))
            return Answer(environment, reader.Token, reader.Permissions, reader.AtLeast, answer, ref misses);
        var parsed = JsonText.Parse(body.ToArray());
        if (parsed.Fault is { } unparsable)
            return unparsable;
        using var document = parsed.Value;
        var fields = new JsonFields(document.RootElement);
        var (value, permissions, atLeast) = ValidationReader.Diagnose(fields);
        return fields.Fault() ?? Answer(
            environment, Encoding.UTF8.GetBytes(value), RequestedPermissions.Join(permissions), atLeast, answer, ref misses);
    }

    // Decides, and writes the answer. A decision of "unavailable" becomes a fault.
    private Fault? Answer(
        EnvironmentState environment, ReadOnlySpan<byte> token, ReadOnlySpan<byte> permissions, long atLeast, AnswerBuffer answer,
        ref RequestMisses misses)
    {
        if (!validator.TryValidate(token, environment, permissions, atLeast, ref misses, out var decision))
            return MustWait;
        if (decision.Code == Core.Verification.DecisionCode.Unavailable)
        {
            if (environment.Info.RequiredLevel > identity.Options.Level)
                return TooOld;
            return new Fault(FaultKind.Unavailable, "unavailable", string.Create(
                CultureInfo.InvariantCulture,
                $"The log has no event {atLeast} yet, so nothing can be answered from a state that includes it."
                + $" at_least must be the sequence of an event."));
        }

        DecisionWriter.Write(answer, decision);
        return null;
    }

    private Fault? AnswerBatch(EnvironmentState environment, ReadOnlySpan<byte> body, AnswerBuffer answer, ref RequestMisses misses)
    {
        misses.ReadsApart = true;
        // No validation is decided before all items are valid: otherwise a refused batch would count uses.
        var batch = new BatchAnswer(environment, answer);
        return TryReadBatch(body, null, ref misses) && TryReadBatch(body, batch, ref misses)
            ? batch.Fault
            : DiagnoseBatch(environment, body, answer, ref misses);
    }

    private sealed record BatchAnswer(EnvironmentState Environment, AnswerBuffer Buffer)
    {
        /// <summary>The fault that replaces the answer; null: none.</summary>
        public Fault? Fault { get; set; }
    }

    // Reads a batch from end to end, and answers it on the way if there is a batch answer.
    [SkipLocalsInit]
    private bool TryReadBatch(ReadOnlySpan<byte> body, BatchAnswer? answer, ref RequestMisses misses)
    {
        var item = new ValidationReader(stackalloc byte[ValidationReader.TokenBytes], stackalloc byte[ValidationReader.PermissionBytes]);
        scoped var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Limits.JsonDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read()
                || !reader.ValueTextEquals("validations"u8)
                || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                return false;
            answer?.Buffer.Write("{\"results\":["u8);
            var count = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (++count > Limits.ValidationsPerBatch || !item.TryReadObject(ref reader))
                    return false;
                if (answer is null)
                    continue;
                if (count > 1)
                    answer.Buffer.Write(","u8);
                // A batch that must read continues, so that all its misses are found before the first read.
                answer.Fault = Answer(
                    answer.Environment, item.Token, item.Permissions, item.AtLeast, answer.Buffer, ref misses) ?? answer.Fault;
                if (answer.Fault is not null && !ReferenceEquals(answer.Fault, MustWait))
                    return true;
            }

            answer?.Buffer.Write("]}"u8);
            return count > 0 && reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static Result<List<(string Value, IReadOnlyList<string> Permissions, long AtLeast)>> ReadItems(JsonFields fields)
    {
        try
        {
            var items = fields.Objects("validations", Limits.ValidationsPerBatch).Select(static item =>
            {
                var validation = ValidationReader.DiagnoseItem(item);
                item.Unknown();
                return validation;
            }).ToList();
            return fields.Fault() is { } fault ? fault : items;
        }
        catch (InvalidOperationException)
        {
            return JsonText.Unparsable("The body holds half of a surrogate pair.");
        }
    }

    private Fault? DiagnoseBatch(EnvironmentState environment, ReadOnlySpan<byte> body, AnswerBuffer answer, ref RequestMisses misses)
    {
        var parsed = JsonText.Parse(body.ToArray(), holdsAnyText: true);
        if (parsed.Fault is { } unparsable)
            return unparsable;
        using var document = parsed.Value;
        var read = ReadItems(new JsonFields(document.RootElement));
        if (read.Fault is { } fault)
            return fault;
        var items = read.Value;
        Fault? waiting = null;
        answer.Write("{\"results\":["u8);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                answer.Write(","u8);
            var (value, permissions, atLeast) = items[i];
            waiting = Answer(
                environment, Encoding.UTF8.GetBytes(value), RequestedPermissions.Join(permissions), atLeast, answer, ref misses) ?? waiting;
            if (waiting is not null && !ReferenceEquals(waiting, MustWait))
                return waiting;
        }

        answer.Write("]}"u8);
        return waiting;
    }
}
