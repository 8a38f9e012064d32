using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Warder.Contracts;
using Warder.Contracts.Keys;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;

namespace Warder.Bench.Http;

/// <summary>
/// The servers that are compared, each in a process of its own: Warder; a minimal-API endpoint that binds and returns the validation's own
/// records by source-generated JSON; and a RequestDelegate that reads the whole body and writes constant bytes. It says its address when it
/// is ready, and ends with its standard input.
/// </summary>
internal static class Servers
{
    public const string Path = "/api_keys/validations";

    public static async Task<int> RunAsync(string what, string[] arguments)
    {
        await using var server = what switch
        {
            "warder" => await Warder(arguments[0], arguments[1], int.Parse(arguments[2]), static options => options),
            // Without the rate of management requests, which would refuse most of a load of lists.
            "unlimited" => await Warder(arguments[0], arguments[1], int.Parse(arguments[2]), static options => options with { ManagementRequestsPerSecond = 0 }),
            "echo" => await Started(app => app.MapPost(Path, Echo)),
            _ => await Started(app => app.MapPost(Path, Constant())),
        };
        Console.WriteLine(server.Address);
        await Console.In.ReadLineAsync();
        return 0;
    }

    private static async Task<Running> Warder(string folder, string tokensPath, int keys, Func<ServeOptions, ServeOptions> with)
    {
        var host = await WarderHost.StartAsync(with(new ServeOptions { DataDirectory = folder, Listen = "http://127.0.0.1:0" }));
        var environment = host.Node.Environments[1];
        foreach (var token in File.ReadLines(tokensPath).Take(keys))
        {
            if (!host.Node.Validator.Validate(Encoding.ASCII.GetBytes(token), environment, default).Allow)
                throw new InvalidOperationException("A good key was denied.");
        }

        // Filling the cache is no use of the keys that has to be written.
        host.Node.Cache.Usage.Take();
        GC.Collect();
        return new Running(host.Address, host);
    }

    private static async Task<Running> Started(Action<WebApplication> map)
    {
        // As the server itself is built.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, WarderJson.Wire));
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        var app = builder.Build();
        app.UseRouting();
        map(app);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Running(address, app);
    }

    private static Validation Echo(ValidateKeyRequest request) => Answer(request.Value);

    private static RequestDelegate Constant()
    {
        var answer = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Answer("wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"), WarderJson.Wire.Validation);
        return async http =>
        {
            while (true)
            {
                var result = await http.Request.BodyReader.ReadAsync();
                http.Request.BodyReader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    break;
            }

            http.Response.ContentType = "application/json";
            http.Response.ContentLength = answer.Length;
            await http.Response.Body.WriteAsync(answer);
        };
    }

    // As long as the validation's own answer about a key of the databases here.
    private static Validation Answer(string value) => new(
        new ValidatedKey
        {
            Id = "api_key_01KAFWDS3Y0000000000000000",
            Owner = new KeyOwner { Type = OwnerTypes.Organization, Id = "org_01KAFWDS3Y0000000000000000" },
            Name = "Nightly export",
            ObfuscatedValue = "wdr_live_..." + value[^4..],
            LastUsedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = null,
            Permissions = ["posts:read", "posts:write", "invoices:read"],
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        },
        new ValidationDecision { Allow = true, Code = "allowed" });

    private sealed record Running(string Address, IAsyncDisposable Host) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
