using Microsoft.AspNetCore.Authentication;
using Microsoft.Net.Http.Headers;
using Warder.Client;

namespace Warder.AspNetCore;

/// <summary>The address of Warder, the management key, and the header in which callers present their keys.</summary>
public sealed class WarderOptions : AuthenticationSchemeOptions
{
    /// <summary>The server. Default: the first address in the setting <c>WARDER_URL</c>, or <c>http://127.0.0.1:7070</c>.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// Whether plain http may leave this machine, where the network itself is trusted. Without it an http address that is not loopback
    /// stops the start. Default: the setting <c>WARDER_INSECURE</c>, or no.
    /// </summary>
    public bool? AllowInsecure { get; set; }

    /// <summary>
    /// Whether keys are validated inside this process: at the price of a look-up, and with the same guarantee. Default: the setting
    /// <c>WARDER_REPLICA</c>, or no. The replica follows <see cref="BaseAddress"/>, or the first address that it can reach in
    /// <c>WARDER_URL</c>, separated by commas.
    /// </summary>
    public bool? Replica { get; set; }

    /// <summary>
    /// A management key that holds <c>keys:validate</c>, and best nothing else. Default: the setting <c>WARDER_MANAGEMENT_KEY</c>, or the
    /// first line of the file that <c>WARDER_MANAGEMENT_KEY_FILE</c> names.
    /// </summary>
    public string? ManagementKey { get; set; }

    /// <summary>
    /// The header in which callers present their keys. <c>Authorization</c>, the default, holds <c>Bearer …</c>. Any other header, such as
    /// <c>X-API-Key</c>, holds the key alone.
    /// </summary>
    public string HeaderName { get; set; } = HeaderNames.Authorization;

    /// <summary>The longest wait of a request for Warder's answer; the request is then refused with 503. Default: 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The client that validates keys. Default: a client that is made from the options above.</summary>
    public WarderClient? Client { get; set; }

    /// <summary>
    /// The verifier that validates keys in place of the one that <see cref="Replica"/> creates. Default: the registered <see
    /// cref="IWarderVerifier"/>, by <c>AddWarderVerifier</c> or for a test.
    /// </summary>
    public IWarderVerifier? Verifier { get; set; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Client is null && Verifier is null)
            throw new InvalidOperationException("Warder's options were not completed: register the scheme by AddWarder.");
        if (string.IsNullOrWhiteSpace(HeaderName))
            throw new InvalidOperationException("HeaderName must name a header, such as Authorization or X-API-Key.");
    }
}
