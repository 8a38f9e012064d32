using System.Globalization;
using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Receipts;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Receipts;
using Warder.Engine.Secrets;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Storage.Receipts;

namespace Warder.Server.Receipts;

/// <summary>Reads receipts.</summary>
internal sealed class ReceiptQueries(ReceiptIssuer receipts, ReceiptWriter writer)
{
    /// <summary>Answers with a page of receipts.</summary>
    public async Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.Receipt, (session, id) => ReceiptTable.Exists(session, call.Environment, id));
        var (eventId, subjectId) = (query.Text("event_id"), query.Text("subject_id"));
        // The list includes the receipts that this node has signed so far, if they can be written.
        await writer.TryWriteAsync();
        return await page.Answer(
            call, query, (session, part) => ReceiptTable.List(session, call.Environment, eventId, subjectId, part),
            static row => JsonSerializer.Deserialize(
                IssuedReceipt.Of(row).Json, WarderJson.Wire.Receipt)!, static row => row.Id, WarderJson.Wire.ListPageReceipt);
    }

    /// <summary>Answers with the receipts of the changes that are not yet in force.</summary>
    public Task<Result<Answer>> Pending(Call call)
        => Task.FromResult<Result<Answer>>(call.Query().Fault() is { } fault
            ? fault
            : Answer.Whole(receipts.Pending(call.Environment), WarderJson.Wire.ListPageReceipt));

    /// <summary>Answers with one receipt.</summary>
    public Task<Result<Answer>> Show(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        if (receipts.Find(call.Environment, call.Route("id")) is { } receipt)
            return Task.FromResult<Result<Answer>>(Answer.Raw(AnswerKind.Ok, receipt.Json));
        return Task.FromResult<Result<Answer>>(
            call.Read(session => ReceiptTable.Exists(session, call.Environment, call.Route("id")))
                ? RowFaults.NotVerified("receipt")
                : Fault.NotFound("Receipt"));
    }

    /// <summary>Answers with a page of the replicas that a receipt names.</summary>
    public Task<Result<Answer>> ShowLines(Call call)
    {
        var query = call.Query();
        var (limit, after) = (query.Limit(), query.Text("after"));
        var from = 0;
        if (after is not null && !int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from))
            query.Refuse("after", "invalid_cursor", "Must be what the page before gave.");
        if (query.Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        if (receipts.FindLines(call.Environment, call.Route("id")) is not { } lines)
            return Task.FromResult<Result<Answer>>(Fault.NotFound("Receipt"));
        var next = from + (long)limit < lines.Count ? (from + limit).ToString(CultureInfo.InvariantCulture) : null;
        var page = new ListPage<ReceiptLine> { Data = [.. lines.Skip(from).Take(limit)], ListMetadata = new ListMetadata(null, next) };
        return Task.FromResult<Result<Answer>>(Answer.Ok(page, WarderJson.Wire.ListPageReceiptLine));
    }
}
