using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Receipts;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Hosting;
using Warder.Engine.Receipts;
using Warder.Engine.Secrets;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Storage.Receipts;
using Contract = Warder.Contracts.Receipts.SigningKey;

namespace Warder.Server.Receipts;

/// <summary>The routes of receipts and of their signing keys.</summary>
internal static class ReceiptRoutes
{
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Get<ListPage<Receipt>>("/receipts", Rights.EventsRead, "List receipts: all, or those about an event (event_id) or a subject (subject_id)", List),
        Route.Get<ListPage<Receipt>>("/receipts/pending", Rights.EventsRead, "List this node's changes that are durable, and not yet in force everywhere", Pending),
        Route.Get<Receipt>("/receipts/{id}", Rights.EventsRead, "Show a receipt", Show),
        Route.Get<ListPage<ReceiptLine>>("/receipts/{id}/lines", Rights.EventsRead, "List the replicas that a receipt names, in the order that its digest is of", ShowLines),
        Route.Get<ListPage<Contract>>("/signing_keys", Rights.EnvironmentsRead, "List the keys that sign receipts, or have", ListKeys),
        Route.Change<Contract>("POST", "/signing_keys", Rights.EnvironmentsWrite, "Sign with a new key from now on", AddKey) with { Status = 201, Idempotent = true },
        Route.ForEverybody("/.well-known/jwks.json", "The public keys that receipts are verified by, as a JSON Web Key Set", static services =>
        {
            var keys = new KeySetDocument(services.GetRequiredService<Node>().SigningKeys);
            return keys.Respond;
        }),
    ];

    private static async Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.Receipt, (session, id) => ReceiptTable.Exists(session, call.Environment, id));
        var (eventId, subjectId) = (query.Text("event_id"), query.Text("subject_id"));
        // The list includes the receipts that this node has signed so far, if they can be written.
        await call.Node.ReceiptWriter.TryWriteAsync();
        return await page.Answer(
            call, query, (session, part) => ReceiptTable.List(session, call.Environment, eventId, subjectId, part),
            static row => JsonSerializer.Deserialize(IssuedReceipt.Of(row).Json, WarderJson.Wire.Receipt)!, static row => row.Id, WarderJson.Wire.ListPageReceipt);
    }

    private static Task<Result<Answer>> Pending(Call call)
        => Task.FromResult<Result<Answer>>(call.Query().Fault() is { } fault
            ? fault
            : Answer.Whole(call.Node.Receipts.Pending(call.Environment), WarderJson.Wire.ListPageReceipt));

    private static Task<Result<Answer>> Show(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        if (call.Node.Receipts.Find(call.Environment, call.Route("id")) is { } receipt)
            return Task.FromResult<Result<Answer>>(Answer.Raw(200, receipt.Json));
        return Task.FromResult<Result<Answer>>(
            call.Read(session => ReceiptTable.Exists(session, call.Environment, call.Route("id"))) ? RowFaults.NotVerified("receipt") : Fault.NotFound("Receipt"));
    }

    private static Task<Result<Answer>> ShowLines(Call call)
    {
        var query = call.Query();
        var (limit, after) = (query.Limit(), query.Text("after"));
        var from = 0;
        if (after is not null && !int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from))
            query.Refuse("after", "invalid_cursor", "Must be what the page before gave.");
        if (query.Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        if (call.Node.Receipts.FindLines(call.Environment, call.Route("id")) is not { } lines)
            return Task.FromResult<Result<Answer>>(Fault.NotFound("Receipt"));
        var next = from + (long)limit < lines.Count ? (from + limit).ToString(CultureInfo.InvariantCulture) : null;
        var page = new ListPage<ReceiptLine> { Data = [.. lines.Skip(from).Take(limit)], ListMetadata = new ListMetadata(null, next) };
        return Task.FromResult<Result<Answer>>(Answer.Ok(page, WarderJson.Wire.ListPageReceiptLine));
    }

    private static Task<Result<Answer>> ListKeys(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        var rows = call.Read(SigningKeyTable.All);
        return Task.FromResult<Result<Answer>>(
            Answer.Whole([.. rows.Select(static (row, i) => SigningKeys.Shape(row, isCurrent: i == 0))], WarderJson.Wire.ListPageSigningKey));
    }

    private static Task<Result<Answer>> AddKey(Call call)
        => call.Change(context => SigningKeys.Full(context) is { } full
            ? full
            : call.Node.SigningKeys.Add(call, context, SigningKeyTable.Last(context.Session)) is { } key
            ? Answer.Created(key, WarderJson.Wire.SigningKey)
            : Fault.Conflict("signing_key_made", "Another new key was made at the same time."));
}
