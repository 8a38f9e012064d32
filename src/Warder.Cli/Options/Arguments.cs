using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Warder.Cli.Shells;
using Warder.Contracts.Json;

namespace Warder.Cli.Options;

/// <summary>Arguments and options that several verbs have, so that they are called the same everywhere.</summary>
internal static class Arguments
{
    public static Argument<string> Id(string description) => new("ID") { Description = description };

    public static Argument<string> Slug(string description) => new("SLUG") { Description = description };

    public static Option<string?> Text(string name, string description, string helpName = "TEXT")
        => new(name) { Description = description, HelpName = helpName };

    public static Option<string> Required(string name, string description, string helpName = "TEXT")
        => new(name) { Description = description, HelpName = helpName, Required = true };

    public static Option<int?> Number(string name, string description, string helpName = "N") => Number<int>(name, description, helpName);

    public static Option<T?> Number<T>(string name, string description, string helpName = "N")
        where T : struct, IBinaryInteger<T> => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
            result.AddError($"{name}: \"{text}\" is no whole number.");
            return null;
        },
    };

    public static Option<string?> Organization(string description)
        => new("--organization", "--org") { Description = description, HelpName = "ID" };

    public static Option<string[]> Permissions(string description)
        => new("--permission") { Description = description, HelpName = "SLUG" };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Show what would end, and change nothing." };

    public static Option<string[]> Metadata()
        => new("--metadata") { Description = "A pair; repeat for more.", HelpName = "NAME=VALUE" };

    /// <summary>What an option says of a merge patch: not given, absent; empty, null; otherwise its text.</summary>
    public static Optional<string?> Patch(this ParseResult parsed, Option<string?> option)
        => parsed.GetResult(option) is null ? default : new(IsPresent: true, parsed.GetValue(option) is { Length: > 0 } text ? text : null);

    /// <summary>The same for what cannot be cleared: not given, absent; otherwise its text, for the server to judge.</summary>
    public static Optional<string> PatchRequired(this ParseResult parsed, Option<string?> option)
        => parsed.GetResult(option) is null ? default : new(IsPresent: true, parsed.GetValue(option) ?? "");

    /// <summary>The values of an option that may be repeated; null when it was not given.</summary>
    public static IReadOnlyList<string>? Many(this ParseResult parsed, Option<string[]> option)
        => parsed.GetResult(option) is null ? null : parsed.GetValue(option);

    /// <summary>Pairs written <c>name=value</c>; null when there are none.</summary>
    public static IReadOnlyDictionary<string, string>? Pairs(this ParseResult parsed, Option<string[]> option)
    {
        if (parsed.Many(option) is not { Count: > 0 } pairs)
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
}
