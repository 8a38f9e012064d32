using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Warder.Contracts.Lists;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Management;
using Warder.Server.Hosting;
using Warder.Server.Http.Bodies;
using Warder.Server.Management;

namespace Warder.Server.Http;

/// <summary>The operation of a route: reads the call, then answers or refuses.</summary>
internal delegate Task<Result<Answer>> Operation(Call call);

/// <summary>A handler that reads and answers the request itself. It gets the authenticated caller.</summary>
internal delegate Task DirectHandler(HttpContext http, Caller caller);

/// <summary>Creates a handler from the services of the process, once, at the start.</summary>
internal delegate THandler Binding<THandler>(IServiceProvider services);

/// <summary>One row of the route table, which defines the access to a route and the kind of its body.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path, with its parameters in braces.</param>
/// <param name="Access">The access. It also determines which of the three handlers the row has.</param>
internal sealed record Route(string Method, string Pattern, RouteAccess Access)
{
    /// <summary>The right that a management key needs; none where the route takes no management key.</summary>
    public Rights Right => Access is RouteAccess.ManagementKey key ? key.Right : Rights.None;

    /// <summary>Answers a call of a management key. Null in a row that has another handler.</summary>
    public Binding<Operation>? Run { get; init; }

    /// <summary>
    /// Answers a request of a management key itself, for the paths where each microsecond counts. The dispatcher has checked the right.
    /// Null in a row that has another handler.
    /// </summary>
    public Binding<DirectHandler>? Direct { get; init; }

    /// <summary>
    /// Answers a request without a credential, from memory: such a request costs no I/O. Null in a row that has another handler.
    /// </summary>
    public Binding<RequestDelegate>? Public { get; init; }

    /// <summary>The kind of the body.</summary>
    public BodyKind Body { get; init; }

    /// <summary>The query parameters of the route. Each other one is refused.</summary>
    public IReadOnlyList<QueryField> Query
    {
        get => DryRun ? [.. field, QueryField.DryRun] : field;
        init;
    } = [];

    /// <summary>Whether the route makes changes. A validation is a POST that makes none.</summary>
    public bool IsChange => Method != "GET" && Direct is null;

    /// <summary>Whether the route honours an idempotency key: it creates an object, or shows a secret.</summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// Whether the route accepts <c>?dry_run=true</c>. A route that makes changes refuses any other query parameter.
    /// </summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// Whether the route makes an ending: a revocation, an expiry, a suspension, a deactivation or a deletion. An ending is never refused
    /// for its caller's rate, and is written before other changes: a flood of requests must not delay a revocation.
    /// </summary>
    public bool Ends { get; init; }

    /// <summary>The type of the body; null when there is none.</summary>
    public Type? Request { get; init; }

    /// <summary>The type of the answer; null when there is none.</summary>
    public Type? Response { get; init; }

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The summary for the API description.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Creates a route that reads.</summary>
    public static Route Get<TResponse>(string pattern, Rights right, string summary, Operation run)
        => Of("GET", pattern, right, summary, run) with { Response = typeof(TResponse) };

    /// <summary>Creates a route that lists objects page by page.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    public static Route List<T>(string pattern, Rights right, string summary, Operation run, params IReadOnlyList<QueryField> filters)
        => Get<ListPage<T>>(pattern, right, summary, run) with { Query = [.. QueryField.Page, .. filters] };

    /// <summary>Creates a route that reads, with an operation that takes more parts of the node than a call has.</summary>
    /// <typeparam name="TResponse">The type of the answer.</typeparam>
    /// <typeparam name="TParts">The class of the operation, created with the parts that its constructor takes.</typeparam>
    public static Route Get<TResponse, TParts>(string pattern, Rights right, string summary, Func<TParts, Operation> run)
        => new("GET", pattern, new RouteAccess.ManagementKey(right)) { Summary = summary, Run = Bind(run), Response = typeof(TResponse) };

    /// <summary>Creates a route that creates an object: 201, with idempotency keys.</summary>
    public static Route Create<TRequest, TResponse>(string pattern, Rights right, string summary, Operation run)
        => Change<TRequest, TResponse>("POST", pattern, right, summary, run) with { Status = 201, Idempotent = true };

    /// <summary>Creates a route that changes an object and shows it.</summary>
    public static Route Change<TRequest, TResponse>(string method, string pattern, Rights right, string summary, Operation run)
        => Of(method, pattern, right, summary, run) with { Body = BodyKind.Json, Request = typeof(TRequest), Response = typeof(TResponse) };

    /// <summary>Creates a route that changes an object, takes no body, and shows the object.</summary>
    public static Route Change<TResponse>(string method, string pattern, Rights right, string summary, Operation run)
        => Of(method, pattern, right, summary, run) with { Response = typeof(TResponse) };

    /// <summary>Creates a route that changes an object, takes no body, and shows the object. Its operation is bound at the start.</summary>
    public static Route Change<TResponse>(string method, string pattern, Rights right, string summary, Binding<Operation> run)
        => new(method, pattern, new RouteAccess.ManagementKey(right)) { Summary = summary, Run = run, Response = typeof(TResponse) };

    /// <summary>Creates a route that deletes an object: 204.</summary>
    public static Route Delete(string pattern, Rights right, string summary, Operation run)
        => Of("DELETE", pattern, right, summary, run) with { Status = 204, DryRun = true, Ends = true };

    /// <summary>Creates a route with a handler that reads and answers the request itself.</summary>
    public static Route Own(string method, string pattern, Rights right, string summary, Binding<DirectHandler> direct)
        => new(method, pattern, new RouteAccess.ManagementKey(right)) { Summary = summary, Direct = direct };

    /// <summary>Creates the binding of a handler that belongs to a class: the class gets the parts that its constructor takes.</summary>
    public static Binding<THandler> Bind<TParts, THandler>(Func<TParts, THandler> handler)
        => services => handler(ActivatorUtilities.CreateInstance<TParts>(services));

    /// <summary>Creates a route that takes no credential.</summary>
    public static Route ForEverybody(string pattern, string summary, Binding<RequestDelegate> handler)
        => new("GET", pattern, new RouteAccess.Everybody()) { Summary = summary, Public = handler };

    private static Route Of(string method, string pattern, Rights right, string summary, Operation run)
        => new(method, pattern, new RouteAccess.ManagementKey(right)) { Summary = summary, Run = _ => run };
}
