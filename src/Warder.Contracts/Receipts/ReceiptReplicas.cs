using System.Security.Cryptography;
using System.Text.Json;

namespace Warder.Contracts.Receipts;

/// <summary>The replicas of a receipt that does not show all of them. All are at GET <c>/receipts/{id}/lines</c>.</summary>
/// <param name="Count">How many replicas there were.</param>
/// <param name="Outcomes">How many came past the change in each way: by <see cref="ReceiptOutcome"/>.</param>
/// <param name="LinesSha256">SHA-256 of <see cref="ReceiptLines.Write"/>, in lower-case hex; null while the change is not in force.</param>
public sealed record ReceiptReplicas(int Count, IReadOnlyDictionary<string, int> Outcomes, string? LinesSha256);

/// <summary>The lines of a receipt's replicas: their one order, and the bytes that a receipt commits to.</summary>
public static class ReceiptLines
{
    /// <summary>How many lines of replicas a receipt shows at most.</summary>
    public const int MaxShown = 100;

    /// <summary>The lines in their order: by id, then by the node that they follow, byte by byte.</summary>
    public static List<ReceiptLine> Order(IEnumerable<ReceiptLine> lines)
        => [.. lines.OrderBy(static line => line.Id, StringComparer.Ordinal).ThenBy(static line => line.Follows, StringComparer.Ordinal)];

    /// <summary>The bytes: each line as <c>JSON.stringify</c> prints it, and a line feed behind each.</summary>
    public static byte[] Write(IEnumerable<ReceiptLine> lines)
    {
        using var text = new MemoryStream();
        foreach (var line in lines)
        {
            text.Write(JsonSerializer.SerializeToUtf8Bytes(line, WarderJson.Wire.ReceiptLine));
            text.WriteByte((byte)'\n');
        }

        return text.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static List<ReceiptLine> Read(ReadOnlySpan<byte> text)
    {
        var lines = new List<ReceiptLine>();
        while (text.IndexOf((byte)'\n') is >= 0 and var end)
        {
            lines.Add(JsonSerializer.Deserialize(text[..end], WarderJson.Wire.ReceiptLine) ?? throw new JsonException());
            text = text[(end + 1)..];
        }

        return lines;
    }

    /// <summary>SHA-256 of <see cref="Write"/>, in lower-case hex.</summary>
    public static string Digest(ReadOnlySpan<byte> written) => Convert.ToHexStringLower(SHA256.HashData(written));

    /// <summary>How many came past the change in each way.</summary>
    public static IReadOnlyDictionary<string, int> Count(IEnumerable<ReceiptLine> lines)
        => lines.GroupBy(static line => line.Outcome, StringComparer.Ordinal).OrderBy(static some => some.Key, StringComparer.Ordinal)
            .ToDictionary(static some => some.Key, static some => some.Count(), StringComparer.Ordinal);
}
