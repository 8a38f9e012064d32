using Microsoft.AspNetCore.Http;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Hosting;
using Warder.Engine.Management;
using Warder.Server.Hosting;
using Warder.Server.Http.Bodies;
using Warder.Server.Management;

namespace Warder.Server.Http;

/// <summary>What a route does: read the call, then answer or refuse.</summary>
internal delegate Task<Result<Answer>> Operation(Call call);

/// <summary>A handler that reads and answers the request itself, told who calls.</summary>
internal delegate Task DirectHandler(HttpContext http, Caller caller);

/// <summary>One row of the route table: the one place that says who may call a route, and what its body holds.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path, with its parameters in braces.</param>
/// <param name="Access">Who may call it. It also says which of the three handlers the row has.</param>
internal sealed record Route(string Method, string Pattern, RouteAccess Access)
{
    /// <summary>The right that a management key needs; none where the route takes no management key.</summary>
    public Rights Right => Access is RouteAccess.ManagementKey key ? key.Right : Rights.None;

    /// <summary>Answers a call of a management key. Null in a row that has another handler.</summary>
    public Operation? Run { get; init; }

    /// <summary>
    /// Answers a request of a management key itself, for the paths where each microsecond counts. The right was checked. Null in a row that
    /// has another handler.
    /// </summary>
    public Func<Node, DirectHandler>? Direct { get; init; }

    /// <summary>
    /// Answers a request of everybody, from memory: a stranger's request costs no I/O. Null in a row that has another handler.
    /// </summary>
    public Func<IServiceProvider, RequestDelegate>? Public { get; init; }

    /// <summary>What its body holds.</summary>
    public BodyKind Body { get; init; }

    /// <summary>Whether an idempotency key is honoured: the route creates, or shows a secret.</summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// Whether <c>?dry_run=true</c> is understood. Any other query parameter of a route that changes something is refused.
    /// </summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// Whether it ends something: a revocation, an expiry, a suspension, a deactivation, a deletion. An ending is never refused for its
    /// caller's rate, and its change is written before those that end nothing: a flood of requests must not delay a revocation.
    /// </summary>
    public bool Ends { get; init; }

    /// <summary>The shape of the body; null when it has none.</summary>
    public Type? Request { get; init; }

    /// <summary>The shape of the answer; null when it has none.</summary>
    public Type? Response { get; init; }

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>What it does, for the API description.</summary>
    public string Summary { get; init; } = "";

    /// <summary>A route that reads.</summary>
    public static Route Get<TResponse>(string pattern, Rights right, string summary, Operation run)
        => Of("GET", pattern, right, summary, run) with { Response = typeof(TResponse) };

    /// <summary>A route that creates: 201, and an idempotency key is honoured.</summary>
    public static Route Create<TRequest, TResponse>(string pattern, Rights right, string summary, Operation run)
        => Change<TRequest, TResponse>("POST", pattern, right, summary, run) with { Status = 201, Idempotent = true };

    /// <summary>A route that changes something and shows it.</summary>
    public static Route Change<TRequest, TResponse>(string method, string pattern, Rights right, string summary, Operation run)
        => Of(method, pattern, right, summary, run) with { Body = BodyKind.Json, Request = typeof(TRequest), Response = typeof(TResponse) };

    /// <summary>A route that changes something, takes no body, and shows it.</summary>
    public static Route Change<TResponse>(string method, string pattern, Rights right, string summary, Operation run)
        => Of(method, pattern, right, summary, run) with { Response = typeof(TResponse) };

    /// <summary>A route that ends something: 204.</summary>
    public static Route Delete(string pattern, Rights right, string summary, Operation run)
        => Of("DELETE", pattern, right, summary, run) with { Status = 204, DryRun = true, Ends = true };

    /// <summary>A route that reads and answers the request itself.</summary>
    public static Route Own(string method, string pattern, Rights right, string summary, Func<Node, DirectHandler> direct)
        => new(method, pattern, new RouteAccess.ManagementKey(right)) { Summary = summary, Direct = direct };

    /// <summary>A route that everybody may read.</summary>
    public static Route ForEverybody(string pattern, string summary, Func<IServiceProvider, RequestDelegate> handler)
        => new("GET", pattern, new RouteAccess.Everybody()) { Summary = summary, Public = handler };

    private static Route Of(string method, string pattern, Rights right, string summary, Operation run)
        => new(method, pattern, new RouteAccess.ManagementKey(right)) { Summary = summary, Run = run };
}
