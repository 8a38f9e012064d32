using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Warder.Conventions.Tests.Rules;

/// <summary>Which classes may hold a composition as a whole.</summary>
internal static class CompositionRules
{
    /// <summary>
    /// A type that composes a server is in no field, property, parameter or type argument: each class takes the parts that it uses.
    /// </summary>
    /// <param name="sources">The files.</param>
    /// <param name="type">The type's name.</param>
    /// <param name="projects">The projects where the name means this type.</param>
    public static IEnumerable<Violation> Whole(IEnumerable<SourceFile> sources, string type, IReadOnlyCollection<string> projects)
        => from source in sources
           where source.IsCSharp && projects.Contains(source.Project)
           from held in source.Syntax.DescendantNodes().SelectMany(TypesOf)
           from name in held.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
           where name.Identifier.Text == type && !IsOfContracts(name)
           select new Violation(source.Path, $"line {SourceFile.LineOf(name.Identifier)} takes or holds a whole {type}: take the parts");

    // The answers of the API may have a type of the same name.
    private static bool IsOfContracts(SimpleNameSyntax name)
        => name.Parent is QualifiedNameSyntax qualified && qualified.Right == name
            && qualified.Left.ToString().Contains("Contracts", StringComparison.Ordinal);

    private static IEnumerable<TypeSyntax> TypesOf(SyntaxNode node) => node switch
    {
        FieldDeclarationSyntax field => [field.Declaration.Type],
        PropertyDeclarationSyntax property => [property.Type],
        ParameterSyntax { Type: { } parameter } => [parameter],
        TypeArgumentListSyntax arguments => arguments.Arguments,
        _ => [],
    };
}
