using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Warder.Conventions.Tests.Rules;

/// <summary>Rules on names, and on types that exist only for a name.</summary>
internal static partial class NameRules
{
    /// <summary>Folders have the same nouns in each project, so that one project teaches all.</summary>
    public static IEnumerable<Violation> Folders(IEnumerable<SourceFile> sources, IReadOnlyCollection<string> nouns)
        => from source in sources
           where source.Project.Length > 0
           from folder in source.Path.Split('/')[2..^1].Where(folder => !nouns.Contains(folder))
           select new Violation(source.Folder, $"\"{folder}\" is not one of the nouns that folders are named by");

    /// <summary>Names do not describe a thing by an empty noun.</summary>
    public static IEnumerable<Violation> Vague(IEnumerable<SourceFile> sources)
    {
        foreach (var source in sources)
        {
            if (VagueName().IsMatch(Path.GetFileNameWithoutExtension(source.Name)))
                yield return new Violation(source.Path, "say what it is, not that it manages or helps");
            if (!source.IsCSharp)
                continue;
            foreach (var type in source.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            {
                if (VagueName().IsMatch(type.Identifier.Text))
                    yield return new Violation($"{source.Path}#{type.Identifier.Text}", "say what it is, not that it manages or helps");
            }
        }
    }

    /// <summary>An interface needs a second implementation, or users that implement it.</summary>
    public static IEnumerable<Violation> Interfaces(IEnumerable<SourceFile> sources)
    {
        var types = sources.Where(source => source.IsCSharp)
            .SelectMany(source => source.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()).ToList();
        var bases = types.Select(type => (Type: type, Bases: BasesOf(type))).ToList();

        foreach (var name in types.OfType<InterfaceDeclarationSyntax>().Select(type => type.Identifier.Text).Distinct())
        {
            var count = Implementations(name).Distinct().Count();
            if (count < 2)
                yield return new Violation(name, $"is an interface with {count} implementation(s): use the type, or list it");
        }

        IEnumerable<string> Implementations(string name) => bases.Where(entry => entry.Bases.Contains(name)).SelectMany(entry
            => entry.Type is InterfaceDeclarationSyntax further ? Implementations(further.Identifier.Text) : [entry.Type.Identifier.Text]);
    }

    private static HashSet<string> BasesOf(TypeDeclarationSyntax type)
        => [.. (type.BaseList?.Types ?? default).Select(entry => RightmostName(entry.Type))];

    private static string RightmostName(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        SimpleNameSyntax simple => simple.Identifier.Text,
        _ => type.ToString(),
    };

    [GeneratedRegex("(Manager|Managers|Helper|Helpers|Util|Utils|Utility|Utilities)$", RegexOptions.CultureInvariant)]
    private static partial Regex VagueName();
}
