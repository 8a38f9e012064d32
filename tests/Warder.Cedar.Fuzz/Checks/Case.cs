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

    /// <summary>Policies and templates, one behind the other.</summary>
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

/// <summary>One text that both engines are given.</summary>
internal sealed record Part(PartKind Kind, string Id, string Text);

/// <summary>What both engines are given, and what is compared of what they make of it.</summary>
internal sealed record Case(Check Check, IReadOnlyList<Part> Parts)
{
    public IEnumerable<Part> All(PartKind kind) => Parts.Where(part => part.Kind == kind);

    public Part? The(PartKind kind) => Parts.FirstOrDefault(part => part.Kind == kind);

    public override string ToString() => $"{Check.GetType().Name}\n{string.Join('\n', Parts.Select(part => $"  {part.Kind} {part.Id}: {part.Text.ReplaceLineEndings("\n    ")}"))}";
}

/// <summary>A thing in which the engines differ.</summary>
/// <param name="Topic">What it is about: the same in all cases that show the same.</param>
/// <param name="Identifiers">What each says.</param>
internal sealed record Difference(string Topic, string Identifiers);

/// <summary>What can be compared.</summary>
internal abstract class Check
{
    /// <summary>
    /// Asks the official engine whatever there is to ask; what is found is told to <paramref name="questions"/>, then or when there are
    /// answers.
    /// </summary>
    public abstract void Ask(Case given, Questions questions);
}
