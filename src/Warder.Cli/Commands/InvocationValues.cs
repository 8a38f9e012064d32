using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Json;

namespace Warder.Cli.Commands;

/// <summary>Reads the values of options in the form that requests need.</summary>
internal static class InvocationValues
{
    /// <summary>Reads an option. One whose type allows no null is required, has a default, or may be repeated.</summary>
    public static T Get<T>(this Invocation call, Option<T> option) => call.Parsed.GetValue(option)!;

    /// <summary>Reads an argument. One whose type allows no null is required.</summary>
    public static T Get<T>(this Invocation call, Argument<T> argument) => call.Parsed.GetValue(argument)!;

    /// <summary>Reads the values of an option that may be repeated.</summary>
    /// <returns>Null when the option is not given.</returns>
    public static IReadOnlyList<string>? Many(this Invocation call, Option<string[]> option)
        => call.Parsed.GetResult(option) is null ? null : call.Parsed.GetValue(option);

    /// <summary>Reads pairs written <c>name=value</c>.</summary>
    /// <returns>Null when there are none.</returns>
    public static IReadOnlyDictionary<string, string>? Pairs(this Invocation call, Option<string[]> option)
    {
        if (call.Many(option) is not { Count: > 0 } pairs)
            return null;
        var read = new Dictionary<string, string>();
        foreach (var pair in pairs)
        {
            var split = pair.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0 || !read.TryAdd(pair[..split], pair[(split + 1)..]))
                throw new UsageException($"{option.Name}: \"{pair}\" must be NAME=VALUE, each name once.");
        }

        return read;
    }

    /// <summary>Reads a time; a distance counts forward from now.</summary>
    public static DateTimeOffset? AheadOrNever(this Invocation call, Option<string?> option)
        => call.Get(option) is { } text ? TimeText.AheadOrNever(option.Name, text, call.Shell.Now()) : null;

    /// <summary>Reads a time; a distance counts forward.</summary>
    public static DateTimeOffset? Ahead(this Invocation call, Option<string?> option)
        => TimeText.Ahead(option.Name, call.Get(option), call.Shell.Now());

    /// <summary>Reads a time; a distance counts back from now.</summary>
    public static DateTimeOffset? Ago(this Invocation call, Option<string?> option)
        => TimeText.Ago(option.Name, call.Get(option), call.Shell.Now());

    /// <summary>Reads a member of a merge patch: absent if not given, null if empty, otherwise the text.</summary>
    public static Optional<string?> Patch(this Invocation call, Option<string?> option)
        => call.Parsed.GetResult(option) is null ? default : new(IsPresent: true, call.Get(option) is { Length: > 0 } text ? text : null);

    /// <summary>Reads a member that cannot be cleared: absent if not given, otherwise the text, which the server validates.</summary>
    public static Optional<string> PatchRequired(this Invocation call, Option<string?> option)
        => call.Parsed.GetResult(option) is null ? default : new(IsPresent: true, call.Get(option) ?? "");

    /// <summary>Reads a member that is a list: absent if not given.</summary>
    public static Optional<IReadOnlyList<string>?> PatchMany(this Invocation call, Option<string[]> option)
        => call.Many(option) is { } values ? new(IsPresent: true, values) : default;

    /// <summary>
    /// Reads a member that is a map: absent if there are no pairs, null if the only one is empty. A name without a value loses its pair.
    /// </summary>
    public static Optional<IReadOnlyDictionary<string, string?>?> PatchPairs(this Invocation call, Option<string[]> option)
        => call.Many(option) is [""]
            ? new(IsPresent: true, null)
            : call.Pairs(option) is { } pairs
                ? new(IsPresent: true, pairs.ToDictionary(pair => pair.Key, pair => pair.Value.Length == 0 ? null : pair.Value))
                : default;

    /// <summary>Reads a member that is a time: absent if not given, null for <c>never</c>.</summary>
    public static Optional<DateTimeOffset?> PatchTime(this Invocation call, Option<string?> option)
        => call.Get(option) is { } text ? new(IsPresent: true, TimeText.AheadOrNever(option.Name, text, call.Shell.Now())) : default;
}
