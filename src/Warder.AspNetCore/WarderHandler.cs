using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Warder.Client;
using Warder.Contracts.Keys;

namespace Warder.AspNetCore;

/// <summary>
/// Authenticates each request by a validation in Warder, which is never cached, or in a replica. A revoked key is therefore refused from
/// its revocation on. A request that neither can decide is refused with 503, never allowed. The caller sees only that the token is invalid;
/// the log has the reason.
/// </summary>
internal sealed partial class WarderHandler(IOptionsMonitor<WarderOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<WarderOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var presented = PresentedCredentials.Read(Request, Options.HeaderName);
        if (!presented.IsPresent)
            return AuthenticateResult.NoResult();
        if (presented.Value is not { } value)
            return Denied(DecisionCode.Malformed, keyId: null);
        try
        {
            var decision = Options.Verifier is { } verifier
                ? await verifier.ValidateAsync(value, cancellationToken: Context.RequestAborted)
                : await Options.Client!.Keys.ValidateAsync(value, cancellationToken: Context.RequestAborted);
            if (decision.Code == DecisionCode.Unavailable)
                throw new WarderException(0, DecisionCode.Unavailable, Options.Verifier?.Health.Problem ?? "No node has answered in time.");
            return decision.Key is { } key
                ? AuthenticateResult.Success(new AuthenticationTicket(WarderClaims.Principal(key, Scheme.Name), Scheme.Name))
                : Denied(decision.Code, decision.KeyId);
        }
        catch (WarderException exception)
        {
            // An invalid management key is an outage like a lost connection: no request can be decided.
            LogUnavailable(Logger, exception.Code, exception.Message, exception.RequestId);
            return AuthenticateResult.Fail(exception);
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        if (result.Failure is WarderException unavailable)
            await Refusals.UnavailableAsync(Response, unavailable.RetryAfter);
        else if (result.None)
            await Refusals.NoCredentialsAsync(Response);
        else
            await Refusals.InvalidTokenAsync(Response);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
        => await Refusals.InsufficientScopeAsync(Response, await MissingPermissions.OfAsync(Context));

    private AuthenticateResult Denied(string code, string? keyId)
    {
        LogDenied(Logger, code, keyId);
        return AuthenticateResult.Fail("The API key is not valid.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An API key was denied: {Code} {ApiKeyId}")]
    private static partial void LogDenied(ILogger logger, string code, string? apiKeyId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Warder could not decide, and the request was refused: {Code}: {Reason} (request {RequestId})")]
    private static partial void LogUnavailable(ILogger logger, string code, string reason, string? requestId);
}
