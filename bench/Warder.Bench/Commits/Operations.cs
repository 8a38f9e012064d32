using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Hosting;
using Warder.Engine.Management;
using Warder.Server.Events;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Server.Http.Bodies;
using Warder.Server.Keys;
using Warder.Server.Management;

namespace Warder.Bench.Commits;

/// <summary>Calls the operations of the HTTP routes without HTTP: everything after body parsing is the server's code.</summary>
internal sealed class Operations(Node node, string authorization)
{
    private static readonly byte[] IssueBody = Encoding.UTF8.GetBytes(
        """{"name":"Nightly export","permissions":["posts:read","posts:write","invoices:read"],"purpose":"The export to the ledger"}""");

    private static readonly byte[] RevokeBody = Encoding.UTF8.GetBytes("""{"reason":"The vendor was breached"}""");
    private static readonly string Address = IPAddress.Loopback.ToString();

    private readonly CallParts parts = new(node.Changes, node.Authentication);
    // A change reads its authority again, so the caller must exist.
    private readonly Caller caller = node.Authentication.Authenticate(authorization)!.Caller;

    /// <summary>Issues a key to an organization, durable and in force.</summary>
    public Task Issue(string organizationId)
        => Run(KeyCalls.IssueToOrganization, Rights.KeysWrite, ends: false, "organizationId", organizationId, IssueBody);

    /// <summary>Revokes a key, durable and in force.</summary>
    public Task Revoke(string keyId) => Run(KeyCalls.Revoke, Rights.KeysWrite, ends: true, "id", keyId, RevokeBody);

    private async Task Run(Operation operation, Rights right, bool ends, string parameter, string value, byte[] body)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = authorization;
        http.Request.RouteValues[parameter] = value;
        var origin = new EventOrigin(Id.New(IdKind.Request, node.Clock.Now(), node.Entropy), Address, null);
        var call = new Call(parts, caller, http.Request, origin) { Right = right, Ends = ends };
        call.Take(RequestBody.Parse(BodyKind.Json, body, http).Value);
        Result<Answer> result = await operation(call);
        if (result.Fault is { } fault)
            throw new InvalidOperationException($"{fault.Code}: {fault.Message}");
        _ = result.Value.Body;
    }
}
