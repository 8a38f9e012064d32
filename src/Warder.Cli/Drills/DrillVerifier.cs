using System.Net;
using System.Net.Http.Headers;
using Warder.Client;
using Warder.Contracts.Keys;
using Warder.Core.Secrets;

namespace Warder.Cli.Drills;

/// <summary>The answer of a verifier about a key.</summary>
internal enum DrillAnswer
{
    Allowed,
    Denied,

    /// <summary>The verifier cannot decide now, or does not answer.</summary>
    Unavailable,
}

/// <summary>A verifier in a drill: it decides whether a key is allowed.</summary>
/// <param name="kind"><c>node</c>, <c>replica</c> or <c>application</c>.</param>
/// <param name="name">Its address.</param>
internal abstract class DrillVerifier(string kind, string name)
{
    public string Kind { get; } = kind;

    public string Name { get; } = name;

    /// <summary>Validates a key once.</summary>
    public abstract Task<DrillAnswer> Validate(SecretString value, CancellationToken cancellation);
}

/// <summary>A node, called over HTTP.</summary>
internal sealed class NodeVerifier(Uri address, WarderClient client) : DrillVerifier("node", address.ToString())
{
    public WarderClient Client { get; } = client;

    public override async Task<DrillAnswer> Validate(SecretString value, CancellationToken cancellation)
    {
        try
        {
            var decision = await Client.Keys.ValidateAsync(value, cancellationToken: cancellation);
            return decision.IsAllowed ? DrillAnswer.Allowed : DrillAnswer.Denied;
        }
        catch (WarderException e) when (e.IsUnavailable)
        {
            return DrillAnswer.Unavailable;
        }
    }
}

/// <summary>A replica in this process, as an application has one.</summary>
internal sealed class ReplicaVerifier(Uri address, WarderVerifier verifier) : DrillVerifier("replica", address.ToString()), IAsyncDisposable
{
    /// <summary>The name of the replica in lists of nodes and in receipts.</summary>
    public const string ReplicaName = "warder drill";

    public Task WaitUntilReady(CancellationToken cancellation) => verifier.WaitUntilReadyAsync(cancellation);

    public override async Task<DrillAnswer> Validate(SecretString value, CancellationToken cancellation)
    {
        var decision = await verifier.ValidateAsync(value, cancellationToken: cancellation);
        if (decision.IsAllowed)
            return DrillAnswer.Allowed;
        return decision.Code == DecisionCode.Unavailable ? DrillAnswer.Unavailable : DrillAnswer.Denied;
    }

    public ValueTask DisposeAsync() => verifier.DisposeAsync();
}

/// <summary>An application that Warder protects: it accepts a bearer token, or answers 401 or 403.</summary>
internal sealed class ApplicationVerifier(Uri address, HttpClient http) : DrillVerifier("application", address.ToString())
{
    public override async Task<DrillAnswer> Validate(SecretString value, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", value.Reveal());
            using var response = await http.SendAsync(request, cancellation);
            if (response.IsSuccessStatusCode)
                return DrillAnswer.Allowed;
            return response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? DrillAnswer.Denied
                : DrillAnswer.Unavailable;
        }
        catch (HttpRequestException)
        {
            return DrillAnswer.Unavailable;
        }
    }
}
