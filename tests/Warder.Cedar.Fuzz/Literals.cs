namespace Warder.Cedar.Fuzz;

/// <summary>Texts and numbers at which engines are likely to differ: the limits of each form and the first values beyond them.</summary>
internal static class Literals
{
    public static readonly string[] Longs =
    [
        "0", "1", "2", "7", "-1", "42", "-0", "007", "9223372036854775807", "-9223372036854775808", "9223372036854775806",
        "-9223372036854775807", "4611686018427387904",
        "3037000500", "-3037000500", "86400000", "1000",
    ];

    public static readonly string[] Texts =
    [
        "", "a", "b", "ab", "abc", "a*b", "*", "**", "x y", "if", "é", "e\u0301", "ß", "😀", "a😀b", "\u0000", "\n\r\t", "\\", "\"", "'",
        "\\*", "10.0.0.1", "1.5", "2024-02-29", "1h",
        "principal", "\u2028", "\ufeff", "\u00a0", "\ud7ff", "\ufffd", "\U0010FFFF", "aaaaaaaaaaaaaaaaaaaaaaab", "İ", "ı",
    ];

    public static readonly string[] Ids = ["a", "b", "c", "d", "x y", "", "é", "😀", "\"", "\\", "\u0000", "\n"];

    public static readonly string[] Names = ["a", "b", "c", "name", "x y", "if", "", "é", "type", "id", "has", "_"];

    public static readonly string[] Ips =
    [
        "127.0.0.1", "10.0.0.1", "10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "255.255.255.255", "255.255.255.255/32", "224.0.0.1",
        "239.255.255.255/4", "224.0.0.0/3", "127.0.0.0/7", "::1", "::", "::/0",
        "::1/128", "ff00::/8", "ff02::1", "fe80::1/10", "2001:db8::/32", "2001:0db8:0000:0000:0000:0000:0000:0001", "::ffff:0:0",
        "1:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "ABCD::abcd",
    ];

    public static readonly string[] WrongIps =
    [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.04", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/08", "1.2.3.4/00", "::/129",
        "::1.2.3.4", "::ffff:1.2.3.4", ":::", "1::2::3", "12345::", " 1.2.3.4",
        "1.2.3.4 ", "fe80::1%eth0", "[::1]", "g::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "1.2.3.4/-1", "1.2.3.4/+8", "1.2.3.4/8/8",
        "::/0x0", "00000::1", "1:2:3:4:5:6:7:8::",
    ];

    public static readonly string[] Decimals =
    [
        "0.0", "1.0", "1.5", "-1.5", "0.0001", "-0.0001", "-0.0", "00.10", "922337203685477.5807", "-922337203685477.5808",
        "922337203685477.5806", "12.34", "1.2300", "000000000000000000000001.0",
    ];

    public static readonly string[] WrongDecimals =
    [
        "", "1", "1.", ".5", "1.00000", "1.0 ", " 1.0", "+1.0", "1e2", "1,5", "922337203685477.5808", "-922337203685477.5809",
        "99999999999999999999.0", "1.0.0", "--1.0", "-.5", "-", "1.-5", "1.+5", "١.٠", "0x1.0",
    ];

    public static readonly string[] Moments =
    [
        "1970-01-01", "2024-02-29", "2024-02-29T23:59:59Z", "2024-10-15T11:35:00.000Z", "2024-10-15T11:35:00+0100",
        "2024-10-15T11:35:00.999-2359", "0000-01-01", "0001-01-01T00:00:00Z", "9999-12-31",
        "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999-2359", "0000-01-01T00:00:00+2359", "1969-12-31T23:59:59.999Z", "1969-12-31",
        "2000-02-29", "1900-02-28",
    ];

    public static readonly string[] WrongMoments =
    [
        "", "2024-02-30", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "24-01-01", "02024-01-01", "2024-1-1",
        "2024-01-01T", "2024-01-01T00:00:00", "2024-01-01T24:00:00Z", "2024-01-01T23:60:00Z",
        "2024-01-01T23:59:60Z", "2024-01-01T00:00:00.0Z", "2024-01-01T00:00:00.00Z", "2024-01-01T00:00:00.0000Z",
        "2024-01-01T00:00:00+01:00", "2024-01-01T00:00:00+2400", "2024-01-01T00:00:00+0060",
        "2024-01-01T00:00:00z", "2024-01-01t00:00:00Z", "2024-01-01 00:00:00Z", "2024-01-01Z", "-2024-01-01", "+2024-01-01", " 2024-01-01",
        "2024-01-01 ", "2024-01-01T00:00Z", "٢٠٢٤-01-01", "2024-01-01T00:00:00.123", "2024-01-01T00:00:00+010",
    ];

    public static readonly string[] Durations =
    [
        "0ms", "1ms", "-1ms", "1s", "1m", "1h", "1d", "1d2h3m4s5ms", "-1d2h3m4s5ms", "1d5ms", "25h", "61m", "9223372036854775807ms",
        "-9223372036854775808ms", "106751991167d", "-106751991167d", "00001h", "2562047788015h",
    ];

    public static readonly string[] WrongDurations =
    [
        "", "-", "1", "1ms1s", "1h1d", "1d1d", "1x", "d", "1D", "+1d", "1 d", "1d ", " 1d", "1.5h", "--1d", "1d-2h",
        "9223372036854775808ms", "-9223372036854775809ms", "106751991168d", "99999999999999999999d", "106751991167d24h", "1dms", "ms", "١d",
    ];

    /// <summary>
    /// Returns an argument of an extension function, valid or nearly so: one of the invalid ones, or a valid one with another character in
    /// it.
    /// </summary>
    public static string Of(Chance chance, string function, bool right)
    {
        var literal = chance.PickFrom(All(function, right || chance.Of(0.4)));
        return right ? literal : literal.Insert(
            chance.Below(literal.Length + 1), chance.Pick("", "", "\0", " ", "0", "1", "-", "+", ":", "/", ".", "_", "٣", "a", "T", "ms"));
    }

    private static string[] All(string function, bool right) => (function, right) switch
    {
        ("ip", true) => Ips,
        ("ip", _) => WrongIps,
        ("decimal", true) => Decimals,
        ("decimal", _) => WrongDecimals,
        ("datetime", true) => Moments,
        ("datetime", _) => WrongMoments,
        (_, true) => Durations,
        _ => WrongDurations,
    };
}
