namespace Warder.Storage.Journal;

/// <summary>The environment of the verifiers that a command's answer depends on.</summary>
/// <param name="Number">The environment's number; those of environments begin at 1.</param>
public readonly record struct EnvironmentScope(int Number)
{
    /// <summary>Every environment, and leases of unknown environment.</summary>
    public static EnvironmentScope All { get; } = new(0);

    /// <summary>No environment: the answer promises nothing about what verifiers answer.</summary>
    public static EnvironmentScope None { get; } = new(-1);

    /// <summary>
    /// Whether a verifier of an environment matters to it. Number 0 is a verifier whose environment is not known: it matters to each.
    /// </summary>
    public bool Includes(int environment) => this == All || environment == All.Number || environment == Number;
}
