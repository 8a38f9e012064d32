using Warder.Core.Secrets;

namespace Warder.Core.Tests.Secrets;

/// <summary>A MAC fits one row of one table under one root key.</summary>
public sealed class RowAuthenticatorTests
{
    private static readonly RowAuthenticator Authenticator = new(
        new RootKey(Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray()));

    [Fact]
    public void Rows_that_read_alike_have_different_MACs()
    {
        object?[][] rows =
        [
            [], [null], [""], [Array.Empty<byte>()], [0], [null, null], ["", null], [null, ""], ["ab", "c"], ["a", "bc"], ["abc"], [1L],
            ["1"], [new byte[] { 1 }],
            [new byte[] { (byte)'a', (byte)'b', (byte)'c' }], [1, 2], [2, 1], [-1], ["n"],
        ];
        var macs = rows.Select(row => Convert.ToHexString(Authenticator.Compute("table", row))).ToList();
        Assert.Equal(rows.Length, macs.Distinct().Count());
        Assert.DoesNotContain(Convert.ToHexString(Authenticator.Compute("tablea", "bc")), macs);
    }

    [Fact]
    public void A_MAC_verifies_its_own_row_only()
    {
        object?[] row = ["id_1", 5L, new byte[] { 1, 2 }, null];
        var mac = Authenticator.Compute("table", row);
        Assert.True(Authenticator.Verify(mac, "table", "id_1", 5, new byte[] { 1, 2 }, null));
        Assert.False(Authenticator.Verify(null, "table", row));
        Assert.False(Authenticator.Verify([], "table", row));
        Assert.False(Authenticator.Verify(mac[..16], "table", row));
        Assert.False(Authenticator.Verify(mac, "other", row));
        Assert.False(Authenticator.Verify(mac, "table", "id_2", 5L, new byte[] { 1, 2 }, null));
        Assert.False(Authenticator.Verify(mac, "table", "id_1", 5.0, new byte[] { 1, 2 }, null));
        Assert.False(new RowAuthenticator(new RootKey(new byte[32])).Verify(mac, "table", row));
        for (var i = 0; i < mac.Length; i++)
        {
            var altered = mac.ToArray();
            altered[i] ^= 1;
            Assert.False(Authenticator.Verify(altered, "table", row));
        }
    }

    [Fact]
    public void The_encoding_is_the_one_that_stored_MACs_have()
        => Assert.Equal(
            "3e05b02060439c3d0421994c807c7bccb697e5f796f7d42b77f7b86bb20e0529",
            Convert.ToHexStringLower(Authenticator.Compute("table", "id_1", 5L, new byte[] { 1, 2 }, null)));
}
