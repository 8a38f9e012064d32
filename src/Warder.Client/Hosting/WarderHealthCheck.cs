using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Warder.Client;
using Warder.Client.Hosting;
using Warder.Client.Replicas;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Registers Warder's health check.</summary>
    public static class WarderHealthChecksBuilderExtensions
    {
        /// <summary>
        /// Checks the registered <see cref="IWarderVerifier"/>. It is healthy while it answers from memory, degraded while it is connected
        /// without a lease or answers from a lease without a connection, and has failed otherwise.
        /// </summary>
        /// <param name="builder">The application's health checks.</param>
        /// <param name="name">The check's name.</param>
        /// <param name="failureStatus">The status that a failed check reports; null: unhealthy.</param>
        /// <param name="tags">Tags by which an application selects checks.</param>
        /// <param name="timeout">The longest that the check takes.</param>
        public static IHealthChecksBuilder AddWarder(
            this IHealthChecksBuilder builder,
            string name = "warder",
            HealthStatus? failureStatus = null,
            IEnumerable<string>? tags = null,
            TimeSpan? timeout = null)
            => builder.Add(new HealthCheckRegistration(
                name, static provider => new WarderHealthCheck(provider.GetRequiredService<IWarderVerifier>()),
                failureStatus, tags, timeout));
    }
}

namespace Warder.Client.Hosting
{
    /// <summary>Reports a verifier's health as an application's health checks have it.</summary>
    internal sealed class WarderHealthCheck(IWarderVerifier verifier) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var health = verifier.Health;
            var status = health switch
            {
                { State: VerifierState.Ready } => HealthStatus.Healthy,
                { State: VerifierState.Connected } or { State: VerifierState.Disconnected, Lease.Ticks: > 0 } => HealthStatus.Degraded,
                _ => context.Registration.FailureStatus,
            };
            var data = new Dictionary<string, object>
            {
                ["state"] = health.State.ToString(),
                ["node"] = health.Node?.ToString() ?? "",
                ["lease_seconds"] = health.Lease.TotalSeconds,
                ["lag_seconds"] = health.Lag == TimeSpan.MaxValue ? -1 : health.Lag.TotalSeconds,
                ["applied_sequence"] = health.AppliedSequence,
                ["entries"] = health.Entries,
            };
            return Task.FromResult(new HealthCheckResult(status, Describe(health), data: data));
        }

        private static string Describe(VerifierHealth health) => health.State switch
        {
            VerifierState.Ready => string.Create(
                CultureInfo.InvariantCulture, $"Answers from memory; the lease holds for {health.Lease.TotalSeconds:0.0} s."),
            VerifierState.Connected => "Connected without a lease: each validation asks the node.",
            _ => health.Problem ?? "Not connected to a node.",
        };
    }
}
