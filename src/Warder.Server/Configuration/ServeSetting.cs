using System.Globalization;
using Warder.Server.Hosting;

namespace Warder.Server.Configuration;

/// <summary>The form of a setting's value.</summary>
public enum SettingKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>The path of a file or directory; <c>-</c> is standard input.</summary>
    Path,

    /// <summary>A whole number, zero or more.</summary>
    Number,

    /// <summary>True or false. As a flag it has no value.</summary>
    Flag,
}

/// <summary>
/// One setting of <c>warder serve</c>. Its name is the name of the flag; the environment variable is derived from it.
/// </summary>
public sealed record ServeSetting
{
    /// <summary>The name: <c>tls-cert</c> for the flag <c>--tls-cert</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The form of the value.</summary>
    public required SettingKind Kind { get; init; }

    /// <summary>The explanation in the help.</summary>
    public required string Description { get; init; }

    /// <summary>The name of the value in the help.</summary>
    public string HelpName { get; init; } = "";

    /// <summary>Whether there may be several values.</summary>
    public bool Repeats { get; init; }

    /// <summary>The environment variable: <c>WARDER_TLS_CERT</c>.</summary>
    public string Variable { get => field ?? "WARDER_" + Name.Replace('-', '_').ToUpperInvariant(); init; }

    /// <summary>The flag: <c>--tls-cert</c>.</summary>
    public string Flag => "--" + Name;

    /// <summary>Sets the member of the options that this setting fills. The values have the form of <see cref="Kind"/>.</summary>
    public required Func<ServeOptions, IReadOnlyList<string>, ServeOptions> Apply { get; init; }

    internal static ServeSetting Text(string name, string helpName, Func<ServeOptions, string, ServeOptions> apply, string description)
        => new()
        {
            Name = name, Kind = SettingKind.Text, HelpName = helpName, Description = description,
            Apply = (options, values) => apply(options, values[^1]),
        };

    internal static ServeSetting Path(string name, string helpName, Func<ServeOptions, string, ServeOptions> apply, string description)
        => Text(name, helpName, apply, description) with { Kind = SettingKind.Path };

    internal static ServeSetting Number(string name, string helpName, Func<ServeOptions, int, ServeOptions> apply, string description)
        => new()
        {
            Name = name, Kind = SettingKind.Number, HelpName = helpName, Description = description,
            Apply = (options, values) => apply(options, int.Parse(values[^1], NumberStyles.None, CultureInfo.InvariantCulture)),
        };

    internal static ServeSetting Switch(string name, Func<ServeOptions, bool, ServeOptions> apply, string description)
        => new()
        {
            Name = name, Kind = SettingKind.Flag, Description = description,
            Apply = (options, values) => apply(options, bool.Parse(values[^1])),
        };

    internal static ServeSetting Many(
        string name, string helpName, Func<ServeOptions, IReadOnlyList<string>, ServeOptions> apply, string description)
        => new()
        {
            Name = name, Kind = SettingKind.Text, HelpName = helpName, Description = description, Repeats = true, Apply = apply,
        };

    /// <summary>Finds the problem with a value of this setting.</summary>
    /// <returns>Null: there is none.</returns>
    public string? Problem(string value) => Kind switch
    {
        SettingKind.Number when !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            => $"\"{value}\" is not a whole number.",
        SettingKind.Flag when !bool.TryParse(value, out _) => $"\"{value}\" is neither true nor false.",
        _ => null,
    };
}

/// <summary>The source of a setting's values. A later one wins.</summary>
public enum SettingLevel
{
    /// <summary>The configuration file.</summary>
    File = 0,

    /// <summary>The environment.</summary>
    Environment = 1,

    /// <summary>The command line.</summary>
    Flag = 2,
}

/// <summary>The values of a setting, as one source gives them.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Values">The values, at least one.</param>
/// <param name="Level">The kind of the source.</param>
/// <param name="Source">The name of the source, for messages.</param>
public sealed record GivenSetting(ServeSetting Setting, IReadOnlyList<string> Values, SettingLevel Level, string Source);
