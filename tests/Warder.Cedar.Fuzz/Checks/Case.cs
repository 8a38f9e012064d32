namespace Warder.Cedar.Fuzz.Checks;

internal enum PartKind
{
    /// <summary>A schema in Cedar's syntax.</summary>
    Schema,

    /// <summary>A schema in JSON.</summary>
    SchemaJson,

    /// <summary>One policy.</summary>
    Policy,

    /// <summary>One template.</summary>
    Template,

    /// <summary>A link, in JSON.</summary>
    Link,

    /// <summary>Policies and templates, one after the other.</summary>
    Policies,

    /// <summary>One policy, in JSON.</summary>
    PolicyJson,

    /// <summary>One template, in JSON.</summary>
    TemplateJson,

    /// <summary>A list of entities, in JSON.</summary>
    Entities,

    /// <summary>A request, in JSON.</summary>
    Request,
}

/// <summary>A text that both engines get.</summary>
internal sealed record Part(PartKind Kind, string Id, string Text);

/// <summary>The input of both engines, with the comparison of their results.</summary>
internal sealed record Case(Check Check, IReadOnlyList<Part> Parts)
{
    public IEnumerable<Part> All(PartKind kind) => Parts.Where(part => part.Kind == kind);

    public Part? The(PartKind kind) => Parts.FirstOrDefault(part => part.Kind == kind);

    public override string ToString()
        => $"{Check.GetType().Name}\n"
            + $"{string.Join('\n', Parts.Select(part => $"  {part.Kind} {part.Id}: {part.Text.ReplaceLineEndings("\n    ")}"))}";
}

/// <summary>A difference between the engines.</summary>
/// <param name="Topic">The topic: the same in all cases that show the same difference.</param>
/// <param name="Identifiers">The result of each engine.</param>
internal sealed record Difference(string Topic, string Identifiers);

/// <summary>A comparison.</summary>
internal abstract class Check
{
    /// <summary>
    /// Queues the calls of the official engine; adds each difference to <paramref name="questions"/>, at once or when the answers arrive.
    /// </summary>
    public abstract void Enqueue(Case given, Questions questions);
}
