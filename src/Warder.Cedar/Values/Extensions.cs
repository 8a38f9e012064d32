using Warder.Cedar.Syntax;

namespace Warder.Cedar.Values;

/// <summary>
/// The functions and methods of the extension types. (Cedar documentation: "Operators and functions", Extensions.)
/// </summary>
internal static class Extensions
{
    public static ExtensionFunction[] Functions { get; } =
    [
        new("ip", ValueKind.Ip, (text, _) => CedarIp.TryParse(Text(text), out var ip) ? ip : default(Value), ValueKind.String),
        new("isIpv4", ValueKind.Bool, (ip, _) => Ip(ip).IsIpv4, ValueKind.Ip),
        new("isIpv6", ValueKind.Bool, (ip, _) => Ip(ip).IsIpv6, ValueKind.Ip),
        new("isLoopback", ValueKind.Bool, (ip, _) => Ip(ip).IsLoopback, ValueKind.Ip),
        new("isMulticast", ValueKind.Bool, (ip, _) => Ip(ip).IsMulticast, ValueKind.Ip),
        new("isInRange", ValueKind.Bool, (ip, range) => Ip(ip).IsInRange(Ip(range)), ValueKind.Ip, ValueKind.Ip),

        new("decimal", ValueKind.Decimal, (text, _) => CedarDecimal.TryParse(Text(text), out var number) ? number : default(Value),
            ValueKind.String),
        new("lessThan", ValueKind.Bool, (left, right) => Decimal(left) < Decimal(right), ValueKind.Decimal, ValueKind.Decimal),
        new("lessThanOrEqual", ValueKind.Bool, (left, right) => Decimal(left) <= Decimal(right), ValueKind.Decimal, ValueKind.Decimal),
        new("greaterThan", ValueKind.Bool, (left, right) => Decimal(left) > Decimal(right), ValueKind.Decimal, ValueKind.Decimal),
        new("greaterThanOrEqual", ValueKind.Bool, (left, right) => Decimal(left) >= Decimal(right), ValueKind.Decimal, ValueKind.Decimal),

        new("datetime", ValueKind.DateTime, (text, _) => CedarDateTime.TryParse(Text(text), out var moment) ? moment : default(Value),
            ValueKind.String),
        new("offset", ValueKind.DateTime, (moment, by) => Moment(moment).Offset(Duration(by)) is { } later ? later : default(Value),
            ValueKind.DateTime, ValueKind.Duration),
        new("durationSince", ValueKind.Duration,
            (moment, other) => Moment(moment).DurationSince(Moment(other)) is { } since ? since : default(Value),
            ValueKind.DateTime, ValueKind.DateTime),
        new("toDate", ValueKind.DateTime, (moment, _) => Moment(moment).ToDate() is { } date ? date : default(Value), ValueKind.DateTime),
        new("toTime", ValueKind.Duration, (moment, _) => Moment(moment).ToTime(), ValueKind.DateTime),

        new("duration", ValueKind.Duration, (text, _) => CedarDuration.TryParse(Text(text), out var duration) ? duration : default(Value),
            ValueKind.String),
        new("toMilliseconds", ValueKind.Long, (duration, _) => Duration(duration).Milliseconds, ValueKind.Duration),
        new("toSeconds", ValueKind.Long, (duration, _) => Duration(duration).Milliseconds / 1000, ValueKind.Duration),
        new("toMinutes", ValueKind.Long, (duration, _) => Duration(duration).Milliseconds / 60_000, ValueKind.Duration),
        new("toHours", ValueKind.Long, (duration, _) => Duration(duration).Milliseconds / 3_600_000, ValueKind.Duration),
        new("toDays", ValueKind.Long, (duration, _) => Duration(duration).Milliseconds / 86_400_000, ValueKind.Duration),
    ];

    private static string Text(Value value) => value.TryGet(out string? text) ? text : "";

    private static CedarIp Ip(Value value) => value.TryGet(out CedarIp? ip) ? ip : CedarIp.None;

    private static CedarDecimal Decimal(Value value) => value.TryGet(out CedarDecimal number) ? number : default;

    private static CedarDateTime Moment(Value value) => value.TryGet(out CedarDateTime moment) ? moment : default;

    private static CedarDuration Duration(Value value) => value.TryGet(out CedarDuration duration) ? duration : default;
}
