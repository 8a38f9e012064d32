using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Receipts;
using Warder.Storage.Receipts;

namespace Warder.Engine.Receipts;

/// <summary>A receipt in the form that answers show: the signed bytes unchanged, and the signature.</summary>
internal sealed record IssuedReceipt(string Id, byte[] Json)
{
    /// <summary>Signs a receipt.</summary>
    public static (IssuedReceipt Receipt, string Jws) Sign(Receipt receipt, Core.Receipts.SigningKey key)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(receipt, WarderJson.Wire.Receipt);
        var jws = key.Sign(Receipt.JwsType, payload);
        return (new IssuedReceipt(receipt.Id, Join(payload, jws)), jws);
    }

    /// <summary>Restores a stored receipt.</summary>
    public static IssuedReceipt Of(ReceiptRow row) => new(row.Id, Join(Base64Url.DecodeFromChars(row.Jws.Split('.')[1]), row.Jws));

    private static byte[] Join(byte[] payload, string jws)
        => [.. payload.AsSpan(0, payload.Length - 1), .. ",\"jws\":\""u8, .. Encoding.ASCII.GetBytes(jws), .. "\"}"u8];
}
