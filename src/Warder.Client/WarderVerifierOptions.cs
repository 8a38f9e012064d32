using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Warder.Client;

/// <summary>The addresses of Warder's nodes, the management key, and the bounds of memory.</summary>
/// <remarks>The options bind from a configuration section. A verifier copies them: later changes have no effect on it.</remarks>
public sealed class WarderVerifierOptions
{
    /// <summary>The longest <see cref="Name"/>.</summary>
    public const int MaxNameLength = 64;

    /// <summary>
    /// The server's nodes, in the order in which they are tried; when one is lost, the next takes its place. Empty:
    /// <see cref="WarderClientOptions.DefaultBaseAddress"/>. Use https unless they are on this machine.
    /// </summary>
    public IList<Uri> Nodes { get; set; } = [];

    /// <summary>A management key that holds <c>keys:validate</c>, a secret. The verifier knows the keys of its environment.</summary>
    [JsonIgnore]
    public string? ManagementKey { get; set; }

    /// <summary>
    /// Whether plain http (and <c>ws</c>) may leave this machine, where the network itself is trusted. Without it an http address that is
    /// not loopback is refused.
    /// </summary>
    public bool AllowInsecure { get; set; }

    /// <summary>
    /// The name that operators see: 1–64 printable ASCII characters. Default: this machine's name without other characters.
    /// </summary>
    public string Name { get; set; } = OfMachine(Environment.MachineName);

    /// <summary>The largest number of secrets in memory, about 300 bytes each. Past it, a least recently used one is removed.</summary>
    public int Capacity { get; set; } = 1_000_000;

    /// <summary>
    /// Whether to take over all keys at the start, so that the first request with each is answered from memory. The management key needs
    /// <c>replicas:preload</c> besides.
    /// </summary>
    public bool Preload { get; set; }

    /// <summary>The longest wait of a validation for a key that memory does not hold; the decision is then <c>unavailable</c>.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Returns a copy that later changes do not reach, with the default node where none is set.</summary>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    internal WarderVerifierOptions Checked()
    {
        if (FindProblems().ToList() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(' ', problems));
        var copy = (WarderVerifierOptions)MemberwiseClone();
        copy.Nodes = Nodes.Count > 0 ? [.. Nodes] : [WarderClientOptions.DefaultBaseAddress];
        return copy;
    }

    /// <summary>Finds invalid options, and names valid values. Never shows the key.</summary>
    internal IEnumerable<string> FindProblems()
    {
        foreach (var problem in (Nodes ?? [])
            .SelectMany((node, index) => WarderClientOptions.FindProblems(node, $"Nodes[{index}]", AllowInsecure)))
            yield return problem;
        if (ManagementKey is null)
            yield return "ManagementKey is missing: a verifier needs a management key that holds keys:validate.";
        else if (WarderClientOptions.FindKeyProblem(ManagementKey) is { } wrong)
            yield return wrong;
        if (Name is not { Length: > 0 and <= MaxNameLength } || Name.Any(static each => !IsPrintable(each)))
            yield return "Name must be 1 to 64 printable ASCII characters.";
        if (Capacity < 1)
            yield return "Capacity must be at least 1.";
        if (Timeout <= TimeSpan.Zero)
            yield return "Timeout must be longer than nothing, such as 00:00:05.";
    }

    /// <summary>Converts a machine's name to one that a node accepts.</summary>
    internal static string OfMachine(string name)
    {
        var accepted = string.Concat(name.Where(IsPrintable).Take(MaxNameLength));
        return accepted.Length > 0 ? accepted : "unnamed";
    }

    private static bool IsPrintable(char each) => each is >= ' ' and <= '~';
}

/// <summary>Validates the options when they are read, or at the application's start.</summary>
internal sealed class WarderVerifierOptionsValidation : IValidateOptions<WarderVerifierOptions>
{
    public ValidateOptionsResult Validate(string? name, WarderVerifierOptions options)
        => options.FindProblems().ToList() is { Count: > 0 } problems
            ? ValidateOptionsResult.Fail(problems)
            : ValidateOptionsResult.Success;
}
