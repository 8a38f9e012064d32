using Microsoft.AspNetCore.Http;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Server.Hosting;
using Warder.Server.Management;

namespace Warder.Server.Http;

/// <summary>What a route does: read the call, then answer or refuse.</summary>
internal delegate Task<Result<Answer>> Operation(Call call);

/// <summary>A handler that reads and answers the request itself, told who calls.</summary>
internal delegate Task DirectHandler(HttpContext http, Caller caller);

/// <summary>One row of the route table: the one place that says which right a route needs.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path, with its parameters in braces.</param>
/// <param name="Right">The single right that it needs.</param>
/// <param name="Run">What it does.</param>
internal sealed record Route(string Method, string Pattern, Rights Right, Operation Run)
{
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

    /// <summary>
    /// A handler that goes its own way, for the one path where each microsecond counts. It is told who calls, with the right checked.
    /// </summary>
    public Func<Node, DirectHandler>? Direct { get; init; }

    /// <summary>A route that reads.</summary>
    public static Route Get<TResponse>(string pattern, Rights right, string summary, Operation run)
        => new("GET", pattern, right, run) { Response = typeof(TResponse), Summary = summary };

    /// <summary>A route that creates: 201, and an idempotency key is honoured.</summary>
    public static Route Create<TRequest, TResponse>(string pattern, Rights right, string summary, Operation run)
        => new("POST", pattern, right, run)
        {
            Request = typeof(TRequest), Response = typeof(TResponse), Status = 201, Idempotent = true, Summary = summary,
        };

    /// <summary>A route that changes something and shows it.</summary>
    public static Route Change<TRequest, TResponse>(string method, string pattern, Rights right, string summary, Operation run)
        => new(method, pattern, right, run) { Request = typeof(TRequest), Response = typeof(TResponse), Summary = summary };

    /// <summary>A route that changes something, takes no body, and shows it.</summary>
    public static Route Change<TResponse>(string method, string pattern, Rights right, string summary, Operation run)
        => new(method, pattern, right, run) { Response = typeof(TResponse), Summary = summary };

    /// <summary>A route that ends something: 204.</summary>
    public static Route Delete(string pattern, Rights right, string summary, Operation run)
        => new("DELETE", pattern, right, run) { Status = 204, DryRun = true, Ends = true, Summary = summary };
}
