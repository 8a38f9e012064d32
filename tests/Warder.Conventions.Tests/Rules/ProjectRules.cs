using System.Xml.Linq;

namespace Warder.Conventions.Tests.Rules;

/// <summary>Rules on the project files.</summary>
internal static class ProjectRules
{
    /// <summary>References in src/ run one way: a project references those that the table allows, and their references.</summary>
    public static IEnumerable<Violation> References(IEnumerable<SourceFile> projects, IReadOnlyDictionary<string, string[]> allowed)
    {
        foreach (var project in projects)
        {
            var name = NameOf(project.Path);
            if (!allowed.ContainsKey(name))
            {
                yield return new Violation(project.Path, "is not in the table of references");
                continue;
            }

            var reachable = Reachable(name, allowed);
            foreach (var reference in Included(project, "ProjectReference").Select(NameOf).Where(name => !reachable.Contains(name)))
                yield return new Violation(project.Path, $"may not reference {reference}");
        }
    }

    /// <summary>A project without a clock, a disk or a socket needs no package and no framework.</summary>
    public static IEnumerable<Violation> Bare(IEnumerable<SourceFile> projects, IReadOnlyCollection<string> bare)
        => from project in projects
           where bare.Contains(NameOf(project.Path))
           from reference in Included(project, "PackageReference").Concat(Included(project, "FrameworkReference"))
           select new Violation(project.Path, $"may use the base class library only, and references {reference}");

    /// <summary>The solution and the disk contain the same projects.</summary>
    public static IEnumerable<Violation> Listed(IEnumerable<SourceFile> projects, SourceFile solution)
    {
        var onDisk = projects.Select(project => project.Path).ToHashSet();
        var listed = XDocument.Parse(solution.Text).Descendants("Project").Select(it => (string)it.Attribute("Path")!).ToHashSet();
        return onDisk.Except(listed).Select(path => new Violation(path, $"is not in {solution.Path}"))
            .Concat(listed.Except(onDisk).Select(path => new Violation(path, $"is in {solution.Path} and nowhere else")));
    }

    private static IEnumerable<string> Included(SourceFile project, string element)
        => XDocument.Parse(project.Text).Descendants(element).Select(reference => (string?)reference.Attribute("Include") ?? "");

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static HashSet<string> Reachable(string project, IReadOnlyDictionary<string, string[]> allowed)
    {
        var reached = new HashSet<string>();
        var waiting = new Queue<string>(allowed[project]);
        while (waiting.TryDequeue(out var next))
        {
            if (reached.Add(next))
                foreach (var further in allowed.GetValueOrDefault(next, []))
                    waiting.Enqueue(further);
        }

        return reached;
    }
}
