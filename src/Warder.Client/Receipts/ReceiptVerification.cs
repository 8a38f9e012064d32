using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Receipts;

namespace Warder.Client.Receipts;

/// <summary>Whether a receipt is what Warder signed: checked here, without asking anybody.</summary>
public static class ReceiptVerification
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Verifies a receipt.</summary>
    /// <param name="text">
    /// A receipt as the API shows it, or an answer that holds one as its <c>receipt</c>, or only the JWS. What is shown beside the signature must be what was signed.
    /// </param>
    /// <param name="keys">Whom to trust: what <c>/.well-known/jwks.json</c> said, kept from when it was known to be Warder that said it.</param>
    /// <returns>What was signed; or the problem.</returns>
    public static (Receipt? Receipt, string? Problem) Run(string text, JsonWebKeySet keys)
    {
        var (shown, jws) = Find(text);
        if (jws is null)
            return (null, "There is no receipt in it: neither an object with a member \"jws\", nor a JWS.");
        var trusted = keys.Keys.Where(static key => key is { Kty: "EC", Crv: "P-256", X: not null, Y: not null }).Select(static key => VerificationKey.Of(key.X!, key.Y!));
        if (VerificationKey.Open(Receipt.JwsType, jws, trusted) is not { } payload)
            return (null, "The signature is not that of any of the keys.");
        if (shown is not null && !JsonNode.DeepEquals(shown, JsonNode.Parse(payload)))
            return (null, "What it says is not what was signed.");
        return Read(payload) is { } receipt ? (receipt, null) : (null, "What was signed is no receipt.");
    }

    private static Receipt? Read(byte[] payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, WarderJson.Wire.Receipt) is { InForceAt: not null } receipt ? receipt : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (JsonObject? Shown, string? Jws) Find(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
            return (null, text.Trim() is { Length: > 0 } bare ? bare : null);
        try
        {
            var root = JsonNode.Parse(text, documentOptions: Strict) as JsonObject;
            var shown = root?["receipt"] as JsonObject ?? root;
            if (shown?["jws"] is not JsonValue value || !value.TryGetValue(out string? jws))
                return (null, null);
            shown.Remove("jws");
            return (shown, jws);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or with a member twice, or with half a character.
            return (null, null);
        }
    }
}
