using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Warder.Cli.Options;

/// <summary>Creates the arguments and options that several commands share, so that their names are the same everywhere.</summary>
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
            result.AddError($"{name}: \"{text}\" is not a whole number.");
            return null;
        },
    };

    public static Option<string?> Organization(string description)
        => new("--organization", "--org") { Description = description, HelpName = "ID" };

    public static Option<string> RequiredOrganization(string description)
        => new("--organization", "--org") { Description = description, HelpName = "ID", Required = true };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<string[]> Repeated(string name, string description, string helpName)
        => new(name) { Description = description, HelpName = helpName };

    public static Option<string[]> Permissions(string description) => Repeated("--permission", description, "SLUG");

    public static Option<string[]> Metadata() => Repeated("--metadata", "A pair of metadata; repeat for more.", "NAME=VALUE");

    /// <summary>Returns the pairs of metadata that a change sets or removes.</summary>
    public static Option<string[]> MetadataPatch()
        => Repeated("--metadata", "A pair of metadata to set; NAME= removes it, \"\" removes all. Repeat for more.", "NAME=VALUE");

    public static Option<bool> DryRun() => Flag("--dry-run", "Show the keys that would end or be suspended, and change nothing.");

    public static Option<string?> Reason() => Text("--reason", "The reason; up to 500 characters.");

    public static Option<int?> Overlap()
        => Number("--overlap", "The seconds for which the old secret still works: 0 to 2592000. [default: 86400]", "SECONDS");
}
