using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Warder.AspNetCore;
using Warder.Core.Secrets;

namespace Warder.Client.Tests.AspNetCore;

/// <summary>An application that protects its endpoints in every way that there is.</summary>
internal sealed class ProtectedApi : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http;

    private ProtectedApi(WebApplication app)
    {
        this.app = app;
        http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public static async Task<ProtectedApi> StartAsync(Uri warder, Action<WarderOptions>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.Services.AddWarder(options =>
        {
            options.BaseAddress = warder;
            options.ManagementKey = "wdrm_test";
            configure?.Invoke(options);
        });
        builder.Services.AddAuthorizationBuilder().AddPolicy("writers", policy => policy.RequirePermission("posts:read", "posts:write"));
        builder.Services.AddControllers().AddApplicationPart(typeof(PostsController).Assembly);
        var app = builder.Build();
        app.MapGet("/open", () => "open");
        app.MapGet("/any-key", () => "any").RequireAuthorization();
        app.MapGet("/read", () => "read").RequirePermission("posts:read");
        app.MapGet("/write", () => "write").RequirePermission("posts:read", "posts:write");
        app.MapGet("/policy", [Authorize("writers")] () => "policy");
        app.MapGet("/me", (ClaimsPrincipal user) => user.Claims.Select(claim => $"{claim.Type}={claim.Value}")).RequirePermission("posts:read");
        app.MapControllers();
        await app.StartAsync();
        return new ProtectedApi(app);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? header = null, string value = $"Bearer {Samples.Secret}")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        return await http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }
}

[ApiController]
[Route("controller")]
[RequirePermission("posts:read")]
public sealed class PostsController : ControllerBase
{
    [HttpGet("read")]
    public string Read() => "read";

    [HttpGet("write")]
    [RequirePermission("posts:write")]
    public string Write() => "write";
}
