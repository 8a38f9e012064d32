using System.IO.Compression;

namespace Warder.Storage.Receipts;

/// <summary>The lines of replicas that receipts commit to, as they are stored.</summary>
/// <param name="Sha256">SHA-256 of the text, in lower-case hex.</param>
/// <param name="Count">The number of lines.</param>
/// <param name="Text">The text that the digest is of.</param>
public sealed record StoredLines(string Sha256, int Count, byte[] Text);

/// <summary>The table <c>receipt_lines</c>: compressed, and one row for all receipts with the same lines.</summary>
public static class ReceiptLinesTable
{
    /// <summary>Finds the text of lines by its digest; null when it is missing.</summary>
    public static byte[]? Find(Session session, int environment, string sha256)
        => session.First(
            "SELECT compressed FROM receipt_lines WHERE environment = $1 AND sha256 = $2",
            static row => Decompress(row.Bytes(0)), environment, sha256);

    /// <summary>
    /// Writes the lines of some receipts that are not stored yet. All writers use one order, so that two nodes that write the same lines
    /// cannot deadlock.
    /// </summary>
    internal static void Write(Session session, IEnumerable<ReceiptRow> receipts)
    {
        foreach (var receipt in receipts.Where(static receipt => receipt.Lines is not null)
            .DistinctBy(static receipt => (receipt.Environment, receipt.Lines!.Sha256))
            .OrderBy(static receipt => receipt.Environment)
            .ThenBy(static receipt => receipt.Lines!.Sha256, StringComparer.Ordinal))
        {
            session.Write(
                "INSERT INTO receipt_lines (environment, sha256, count, compressed) VALUES ($1, $2, $3, $4)"
                + " ON CONFLICT (environment, sha256) DO NOTHING",
                receipt.Environment, receipt.Lines!.Sha256, receipt.Lines.Count, Compress(receipt.Lines.Text));
        }
    }

    private static byte[] Compress(byte[] text)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal))
            brotli.Write(text);
        return compressed.ToArray();
    }

    private static byte[] Decompress(byte[] compressed)
    {
        using var text = new MemoryStream();
        using (var brotli = new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress))
            brotli.CopyTo(text);
        return text.ToArray();
    }
}
