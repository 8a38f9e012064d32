using System.CommandLine;
using System.Globalization;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Keys;

namespace Warder.Cli.Nouns;

/// <summary><c>warder import-schemes</c></summary>
internal static class ImportSchemeCommands
{
    private static readonly IReadOnlyList<Field<RegisteredScheme>> Fields =
    [
        new("id", scheme => scheme.Id, InList: true),
        new("prefix", scheme => scheme.Prefix, InList: true),
        new("length", scheme => scheme.Length.ToString(CultureInfo.InvariantCulture), InList: true),
        new("alphabet", scheme => scheme.Alphabet, InList: true),
        new("in_use", scheme => Shown.YesNo(scheme.InUse), InList: true),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<RegisteredScheme>(shell, () => Arguments.Id("The scheme: base62:32:old_"), Fields);
        return new CliCommand(
            "import-schemes",
            "Import schemes: the formats of keys that were imported from another system.",
            "warder import-schemes list",
            "warder import-schemes delete base62:32:old_")
        {
            new CliCommand("list", "Lists schemes, and whether keys use them.", "warder import-schemes list")
                .Does(shell, async call => call.ShowAll(Fields, await call.Client.Keys.ListImportSchemesAsync(call.Cancelled))),
            noun.Show("Shows one scheme.", "warder import-schemes show base62:32:old_", client => client.Keys.GetImportSchemeAsync),
            Create(noun),
            noun.Delete(
                "Removes a scheme that no key uses.",
                ["warder import-schemes delete base62:32:old_"],
                client => client.Keys.DeleteImportSchemeAsync),
        };
    }

    private static CliCommand Create(Noun<RegisteredScheme> noun)
    {
        var prefix = Arguments.Required("--prefix", "The prefix of the values, with its separator.");
        var length = Arguments.Number("--length", "The number of characters after the prefix.");
        length.Required = true;
        var alphabet = Arguments.Required("--alphabet", "The alphabet of these characters: hex, base32, base62 or base64url.");
        return noun.Create(
            "Adds a scheme. An import under a new scheme adds it, too.",
            ["warder import-schemes create --prefix old_ --length 32 --alphabet base62"],
            [prefix, length, alphabet],
            call => call.Client.Keys.AddImportSchemeAsync(
                new ImportScheme(call.Get(prefix), call.Get(length)!.Value, call.Get(alphabet)), cancellationToken: call.Cancelled));
    }
}
