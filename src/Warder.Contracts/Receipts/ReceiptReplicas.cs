using System.Security.Cryptography;
using System.Text.Json;

namespace Warder.Contracts.Receipts;

/// <summary>The replicas of a receipt that does not show all of them. GET <c>/receipts/{id}/lines</c> lists all.</summary>
/// <param name="Count">The number of replicas.</param>
/// <param name="Outcomes">The number of replicas by <see cref="ReceiptOutcome"/>.</param>
/// <param name="LinesSha256">SHA-256 of <see cref="ReceiptLines.Write"/>, in lower-case hex; null while the change is not in force.</param>
public sealed record ReceiptReplicas(int Count, IReadOnlyDictionary<string, int> Outcomes, string? LinesSha256);

/// <summary>The lines of a receipt's replicas: their order, and the bytes that the receipt's digest covers.</summary>
public static class ReceiptLines
{
    /// <summary>The largest number of replica lines that a receipt shows.</summary>
    public const int MaxShown = 100;

    /// <summary>Orders lines by id, then by the followed node, byte by byte.</summary>
    public static List<ReceiptLine> Order(IEnumerable<ReceiptLine> lines)
        => [.. lines.OrderBy(static line => line.Id, StringComparer.Ordinal).ThenBy(static line => line.Follows, StringComparer.Ordinal)];

    /// <summary>Formats lines: each as <c>JSON.stringify</c> prints it, followed by a line feed.</summary>
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

    /// <summary>Parses the output of <see cref="Write"/>.</summary>
    /// <exception cref="JsonException">The text is not such output.</exception>
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

    /// <summary>Computes the SHA-256 of the output of <see cref="Write"/>, in lower-case hex.</summary>
    public static string Digest(ReadOnlySpan<byte> written) => Convert.ToHexStringLower(SHA256.HashData(written));

    /// <summary>Counts the lines by outcome.</summary>
    public static IReadOnlyDictionary<string, int> Count(IEnumerable<ReceiptLine> lines)
        => lines.GroupBy(static line => line.Outcome, StringComparer.Ordinal).OrderBy(static some => some.Key, StringComparer.Ordinal)
            .ToDictionary(static some => some.Key, static some => some.Count(), StringComparer.Ordinal);
}
