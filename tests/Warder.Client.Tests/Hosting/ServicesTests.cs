using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Warder.Testing;
using static Warder.Client.Tests.Wire;

namespace Warder.Client.Tests.Hosting;

public sealed class ServicesTests
{
    [Fact]
    public async Task A_registered_client_takes_its_options_from_the_configuration_and_its_handlers_from_the_factory()
    {
        await using var wire = await ServeAsync(200, Samples.Key());
        var services = new ServiceCollection();
        services.AddWarderClient(Section(("BaseAddress", wire.Address.AbsoluteUri), ("ManagementKey", "wdrm_test"), ("Timeout", "00:00:07"), ("MaxAttempts", "2")))
            .AddHttpMessageHandler(static () => new Marking());
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<WarderClient>().Keys.GetAsync("api_key_1");
        var request = wire.Requests.Single();
        Assert.Equal(("Bearer wdrm_test", "user_marked"), (request.Authorization, request.OnBehalfOf));
        var options = provider.GetRequiredService<IOptions<WarderClientOptions>>().Value;
        Assert.Equal((TimeSpan.FromSeconds(7), 2), (options.Timeout, options.MaxAttempts));
    }

    [Fact]
    public void Wrong_options_are_refused_together_and_the_refusal_says_what_would_be_right()
    {
        var services = new ServiceCollection();
        services.AddWarderClient(static options => (options.BaseAddress, options.MaxAttempts) = (new Uri("http://10.0.0.1"), 0));
        services.AddWarderVerifier(Section(("Nodes:0", "http://10.0.0.1"), ("Capacity", "0")));
        using var provider = services.BuildServiceProvider();
        var client = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<WarderClient>());
        Assert.Contains("set AllowInsecure", client.Message, StringComparison.Ordinal);
        Assert.Contains("MaxAttempts must be 1 to 10", client.Message, StringComparison.Ordinal);
        var verifier = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IWarderVerifier>());
        Assert.Contains("set AllowInsecure", verifier.Message, StringComparison.Ordinal);
        Assert.Contains("keys:validate", verifier.Message, StringComparison.Ordinal);
        Assert.Contains("Capacity must be at least 1", verifier.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_check_follows_the_verifier()
    {
        var warder = new TestWarder();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWarderVerifier();
        services.AddWarderTesting(warder);
        services.AddHealthChecks().AddWarder();
        await using var provider = services.BuildServiceProvider();
        var checks = provider.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync()).Status);
        warder.IsAvailable = false;
        Assert.Equal(HealthStatus.Unhealthy, (await checks.CheckHealthAsync()).Status);
    }

    private static IConfiguration Section(params (string Name, string Value)[] values)
        => new ConfigurationBuilder().AddInMemoryCollection(values.Select(static each => KeyValuePair.Create($"Warder:{each.Name}", (string?)each.Value))).Build().GetSection("Warder");

    private sealed class Marking : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("Warder-On-Behalf-Of", "user_marked");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
