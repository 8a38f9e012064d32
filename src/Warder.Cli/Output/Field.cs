using Warder.Contracts.Json;
using Warder.Contracts.Keys;

namespace Warder.Cli.Output;

/// <summary>One field of an object as people see it.</summary>
/// <param name="Name">The column's head, and the card's label.</param>
/// <param name="Value">Its text; null or empty is left blank.</param>
/// <param name="InList">Whether lists show it; a single object shows all its fields.</param>
internal sealed record Field<T>(string Name, Func<T, string?> Value, bool InList = false);

/// <summary>How values read.</summary>
internal static class Shown
{
    public static string? Time(DateTimeOffset? time) => time is { } value ? TimeConverter.Write(value) : null;

    public static string Many(IEnumerable<string> values) => string.Join(' ', values);

    public static string Pairs(IEnumerable<KeyValuePair<string, string>> pairs) => string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"));

    public static string Secrets(IEnumerable<KeySecret> secrets)
        => Many(secrets.Select(secret => secret.EndsAt is { } ends ? $"{secret.ObfuscatedValue} (ends {Time(ends)})" : secret.ObfuscatedValue));

    public static string YesNo(bool value) => value ? "yes" : "no";
}
