using System.Net;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Hosting;
using Warder.Engine.Keys;
using Warder.Engine.Management;

namespace Warder.Bench.Commits;

/// <summary>Runs the operations of the server without HTTP: everything after the request was read, until its answer is rendered.</summary>
internal sealed class Operations(Node node, string authorization)
{
    private static readonly KeyRequest Request = new(
        "Nightly export", ["posts:read", "posts:write", "invoices:read"], null, "The export to the ledger", null);

    private static readonly string Address = IPAddress.Loopback.ToString();

    // A change reads its authority again, so the caller must exist.
    private readonly Caller caller = node.Authentication.Authenticate(authorization)!.Caller;

    /// <summary>Issues a key to an organization, durable and in force.</summary>
    public Task Issue(string organizationId) => Complete(IssueKey.ForOrganization(Context(ends: false), organizationId, Request));

    /// <summary>Revokes a key, durable and in force.</summary>
    public Task Revoke(string keyId) => Complete(EndKey.Revoke(Context(ends: true), keyId, "The vendor was breached"));

    private ChangeContext Context(bool ends)
        => new(node.Changes, caller, new EventOrigin(Id.New(IdKind.Request, node.Clock.Now(), node.Entropy), Address, null))
        {
            Right = Rights.KeysWrite, Ends = ends,
        };

    private static async Task Complete(Task<Result<Answer>> running)
    {
        var result = await running;
        if (result.Fault is { } fault)
            throw new InvalidOperationException($"{fault.Code}: {fault.Message}");
        _ = result.Value.Body;
    }
}
