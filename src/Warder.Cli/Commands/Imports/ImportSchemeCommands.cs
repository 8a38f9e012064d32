using System.CommandLine;
using System.Globalization;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Keys;

namespace Warder.Cli.Commands.Imports;

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

    public static Command Build(Shell shell) => new CliCommand(
        "import-schemes", "What keys look like that were imported from another system.", "warder import-schemes list", "warder import-schemes delete base62:32:old_")
    {
        new CliCommand("list", "Lists them, and whether keys use them.", "warder import-schemes list")
            .Does(shell, async call => call.ShowAll(Fields, await call.Client.Keys.ListImportSchemesAsync(call.Cancelled))),
        Show(shell),
        Create(shell),
        Delete(shell),
    };

    private static Command Show(Shell shell)
    {
        var id = Arguments.Id("The scheme: base62:32:old_");
        return new CliCommand("show", "Shows one scheme.", "warder import-schemes show base62:32:old_") { id }
            .Does(shell, async call => call.Show(Fields, await call.Client.Keys.GetImportSchemeAsync(call.Parsed.GetValue(id)!, call.Cancelled)));
    }

    private static Command Create(Shell shell)
    {
        var prefix = Arguments.Required("--prefix", "What the values begin with, its separator included.");
        var length = Arguments.Number("--length", "How many characters follow the prefix.");
        length.Required = true;
        var alphabet = Arguments.Required("--alphabet", "What these are: hex, base32, base62 or base64url.");
        return new CliCommand(
            "create", "Adds a scheme, as an import under it does too.", "warder import-schemes create --prefix old_ --length 32 --alphabet base62")
        {
            prefix, length, alphabet,
        }
        .Does(shell, async call =>
        {
            var scheme = new ImportScheme(call.Parsed.GetValue(prefix)!, call.Parsed.GetValue(length)!.Value, call.Parsed.GetValue(alphabet)!);
            return call.Show(Fields, await call.Client.Keys.AddImportSchemeAsync(scheme, cancellationToken: call.Cancelled));
        });
    }

    private static Command Delete(Shell shell)
    {
        var id = Arguments.Id("The scheme: base62:32:old_");
        return new CliCommand("delete", "Removes a scheme that no key uses.", "warder import-schemes delete base62:32:old_") { id }
            .Does(shell, async call =>
            {
                var it = call.Parsed.GetValue(id)!;
                await call.Client.Keys.DeleteImportSchemeAsync(it, call.Cancelled);
                return call.Done($"Deleted {it}.");
            });
    }
}
