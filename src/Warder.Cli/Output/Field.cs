using Warder.Contracts.Json;
using Warder.Contracts.Keys;

namespace Warder.Cli.Output;

/// <summary>One field of an object, as cards and lists print it.</summary>
/// <param name="Name">The column's heading and the card's label.</param>
/// <param name="Value">Returns its text; null or empty prints nothing.</param>
/// <param name="InList">Whether lists print it; a card prints all fields.</param>
internal sealed record Field<T>(string Name, Func<T, string?> Value, bool InList = false);

/// <summary>Formats values for cards and lists.</summary>
internal static class Shown
{
    public static string? Time(DateTimeOffset? time) => time is { } value ? TimeConverter.Write(value) : null;

    public static string Many(IEnumerable<string> values) => string.Join(' ', values);

    public static string Pairs(IEnumerable<KeyValuePair<string, string>> pairs)
        => string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"));

    public static string Secrets(IEnumerable<KeySecret> secrets)
        => Many(secrets.Select(secret => secret.EndsAt is { } ends
            ? $"{secret.ObfuscatedValue} (ends {Time(ends)})"
            : secret.ObfuscatedValue));

    public static string YesNo(bool value) => value ? "yes" : "no";
}
