using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Warder.Core.Secrets;

namespace Warder.Client.Tests;

/// <summary>A request as received over the wire.</summary>
internal sealed record Seen(string Method, string Target, string Body, string? Authorization, string? IdempotencyKey, string? OnBehalfOf);

/// <summary>Runs a real web server with a test's answers: for answers that Warder itself gives only in a failure.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly WebApplication app;

    private Wire(WebApplication app) => this.app = app;

    public ConcurrentQueue<Seen> Requests { get; } = new();

    public Uri Address => new(app.Urls.First());

    /// <summary>Answers with a function of the request's number, from 1, and the context.</summary>
    public static Task<Wire> ServeAsync(Func<int, HttpContext, Task> answer) => ServeAsync((count, context, _) => answer(count, context));

    /// <summary>Answers with a function that also gets the request's body.</summary>
    public static async Task<Wire> ServeAsync(Func<int, HttpContext, string, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var wire = new Wire(app);
        var count = 0;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            var body = await reader.ReadToEndAsync();
            wire.Requests.Enqueue(new Seen(
                context.Request.Method,
                context.Features.Get<IHttpRequestFeature>()!.RawTarget,
                body,
                headers.Authorization,
                headers["Idempotency-Key"],
                headers["Warder-On-Behalf-Of"]));
            await answer(Interlocked.Increment(ref count), context, body);
        });
        await app.StartAsync();
        return wire;
    }

    /// <summary>Gives the same answer to every request.</summary>
    public static Task<Wire> ServeAsync(int status, string body) => ServeAsync((_, context) => JsonAsync(context, status, body));

    public static Task JsonAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        if (body.Length == 0)
            return Task.CompletedTask;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    public WarderClient Client(Action<WarderClientOptions>? change = null)
    {
        var options = new WarderClientOptions { BaseAddress = Address, ManagementKey = "wdrm_test" };
        change?.Invoke(options);
        return new WarderClient(new HttpClient(), options);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
