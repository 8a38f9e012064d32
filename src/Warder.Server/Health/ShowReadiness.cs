using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Warder.Contracts;
using Warder.Contracts.Health;
using Warder.Core.Management;
using Warder.Engine.Management;
using Warder.Engine.Nodes;
using Warder.Server.Connections;
using Warder.Server.Http;
using Warder.Storage;

namespace Warder.Server.Health;

/// <summary>
/// Answers whether the node is ready. A stranger gets the status alone. A management key with the right to read environments gets what is
/// wrong, and since when.
/// </summary>
internal sealed class ShowReadiness(Readiness readiness, ManagementAuthentication authentication, NodeIdentity identity)
{
    private static readonly byte[] Ready = "{\"status\":\"ready\"}"u8.ToArray();
    private static readonly byte[] Unavailable = "{\"status\":\"unavailable\"}"u8.ToArray();

    /// <summary>Answers a request.</summary>
    public Task Show(HttpContext http)
    {
        string? header = http.Request.Headers.Authorization;
        return string.IsNullOrEmpty(header) ? Answer(http, isEntitled: false) : AnswerAfter(http, header);
    }

    private async Task AnswerAfter(HttpContext http, string header)
    {
        var isEntitled = await IsEntitledAsync(header);
        if (isEntitled)
            TrackedConnection.Note(http, authenticated: true);
        await Answer(http, isEntitled);
    }

    private Task Answer(HttpContext http, bool isEntitled)
    {
        var isReady = readiness.IsReady;
        if (!isEntitled)
            return Refusals.Respond(http, isReady ? 200 : 503, isReady ? Ready : Unavailable);
        var report = new ReadinessReport
        {
            Status = isReady ? "ready" : "unavailable",
            NodeId = identity.Id,
            Problems =
            [
                .. readiness.Problems().Select(static each => new ReadinessProblem
                {
                    Code = each.Code, Message = each.Message, Since = each.Since, Blocking = each.IsBlocking,
                }),
            ],
        };
        return Refusals.Respond(http, isReady ? 200 : 503, JsonSerializer.SerializeToUtf8Bytes(report, WarderJson.Wire.ReadinessReport));
    }

    // While the database is away, nothing can be authenticated; that is when the reasons matter most. They reveal no data of an
    // environment, so the last read of the keys suffices then. Only a key that was read causes a read, so a stranger causes none.
    private async Task<bool> IsEntitledAsync(string header)
    {
        try
        {
            if (!authentication.IsFromMemory && authentication.HasRead(header))
                return IsEntitled(await authentication.AuthenticateAsync(header));
        }
        catch (StorageException)
        {
            // The store cannot be read now.
        }

        try
        {
            return IsEntitled(authentication.AuthenticateFromMemory(header));
        }
        catch (StorageException)
        {
            return false;
        }
    }

    private static bool IsEntitled(Credential? credential) => credential is not null && (credential.Rights & Rights.EnvironmentsRead) != 0;
}
