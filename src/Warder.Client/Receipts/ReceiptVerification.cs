using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Receipts;

namespace Warder.Client.Receipts;

/// <summary>Verifies receipts in this process, without a request to Warder.</summary>
public static class ReceiptVerification
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Verifies a receipt.</summary>
    /// <param name="text">
    /// A receipt as the API shows it, an answer with a member <c>receipt</c>, or the JWS alone. The members beside the signature must equal
    /// the signed members.
    /// </param>
    /// <param name="keys">
    /// The trusted keys: a copy of <c>/.well-known/jwks.json</c> that was taken over an authenticated connection to Warder.
    /// </param>
    /// <returns>The signed receipt, or the problem.</returns>
    public static VerifiedReceipt Verify(string text, JsonWebKeySet keys)
    {
        var (shown, jws) = Find(text);
        if (jws is null)
            return new(null, "There is no receipt in it: neither an object with a member \"jws\", nor a JWS.");
        var trusted = keys.Keys
            .Where(static key => key is { Kty: "EC", Crv: "P-256", X: not null, Y: not null })
            .Select(static key => VerificationKey.Of(key.X!, key.Y!));
        if (VerificationKey.Open(Receipt.JwsType, jws, trusted) is not { } payload)
            return new(null, "The signature is not that of any of the keys.");
        if (shown is not null && !JsonNode.DeepEquals(shown, JsonNode.Parse(payload)))
            return new(null, "What it says is not what was signed.");
        return Read(payload) is { } receipt ? new(receipt, null) : new(null, "What was signed is no receipt.");
    }

    /// <summary>Checks that lines are exactly the replicas that a verified receipt names: none altered, missing, added or moved.</summary>
    /// <param name="receipt">A receipt that <see cref="Verify"/> returned.</param>
    /// <param name="lines">All pages of GET <c>/receipts/{id}/lines</c>, one after another.</param>
    /// <returns>The problem; null when the lines match.</returns>
    public static string? CheckLines(Receipt receipt, IReadOnlyList<ReceiptLine> lines)
    {
        var shown = receipt.Verifiers.Where(static line => line.Follows is not null).ToList();
        if (receipt.Replicas is not { } replicas)
            return lines.SequenceEqual(ReceiptLines.Order(shown))
                ? null
                : "The lines are not those of the replicas that the receipt shows.";
        if (lines.Count != replicas.Count)
            return $"There are {lines.Count} lines; the receipt is about {replicas.Count} replicas.";
        if (ReceiptLines.Digest(ReceiptLines.Write(lines)) != replicas.LinesSha256)
        {
            return ReceiptLines.Digest(ReceiptLines.Write(ReceiptLines.Order(lines))) == replicas.LinesSha256
                ? "The lines are not in their order."
                : "The lines are not those whose digest was signed.";
        }

        if (!ReceiptLines.Count(lines).OrderBy(static some => some.Key, StringComparer.Ordinal)
            .SequenceEqual(replicas.Outcomes.OrderBy(static some => some.Key, StringComparer.Ordinal)))
            return "The receipt counts other outcomes than the lines have.";
        return shown.Except(lines).Any() ? "The receipt shows a replica that the lines do not have." : null;
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
            // The text is not JSON, has a duplicate member, or has an unpaired surrogate.
            return (null, null);
        }
    }
}
