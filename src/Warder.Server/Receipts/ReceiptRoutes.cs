using Microsoft.Extensions.DependencyInjection;
using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Receipts;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Receipts;
using Warder.Server.Http;
using Warder.Storage.Receipts;
using Contract = Warder.Contracts.Receipts.SigningKey;

namespace Warder.Server.Receipts;

/// <summary>The routes of receipts and of their signing keys.</summary>
internal static class ReceiptRoutes
{
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Get<ListPage<Receipt>, ReceiptQueries>(
            "/receipts", Rights.EventsRead, "List receipts: all, or those about an event (event_id) or a subject (subject_id)",
            static receipts => receipts.List) with
        {
            Query =
            [
                .. QueryField.Page, new("event_id", "Only those about this event."), new("subject_id", "Only those about this subject."),
            ],
        },
        Route.Get<ListPage<Receipt>, ReceiptQueries>(
            "/receipts/pending", Rights.EventsRead, "List this node's changes that are durable, and not yet in force everywhere",
            static receipts => receipts.Pending),
        Route.Get<Receipt, ReceiptQueries>("/receipts/{id}", Rights.EventsRead, "Show a receipt", static receipts => receipts.Show),
        Route.Get<ListPage<ReceiptLine>, ReceiptQueries>(
            "/receipts/{id}/lines", Rights.EventsRead, "List the replicas that a receipt names, in the order that its digest is of",
            static receipts => receipts.ShowLines) with { Query = [QueryField.Limit, new("after", "The number that the page follows.")] },
        Route.Get<ListPage<Contract>>("/signing_keys", Rights.EnvironmentsRead, "List the keys that sign receipts, or have", ListKeys),
        Route.Change<Contract>(
            "POST", "/signing_keys", Rights.EnvironmentsWrite, "Sign with a new key from now on",
            Route.Bind<SigningKeyCreation, Operation>(static keys => keys.Run))
            with { Status = 201, Idempotent = true },
        Route.ForEverybody(
            "/.well-known/jwks.json", "The public keys that receipts are verified by, as a JSON Web Key Set", static services =>
        {
            var keys = new KeySetDocument(services.GetRequiredService<SigningKeys>());
            return keys.Respond;
        }),
    ];

    private static Task<Result<Answer>> ListKeys(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        var rows = call.Read(SigningKeyTable.All);
        return Task.FromResult<Result<Answer>>(
            Answer.Whole(
                [.. rows.Select(static (row, i) => SigningKeys.Shape(row, isCurrent: i == 0))], WarderJson.Wire.ListPageSigningKey));
    }
}
