using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Warder.Client;

/// <summary>Where Warder is, as whom to ask it, and how much to hold in memory.</summary>
/// <remarks>It binds from a configuration section. What is changed after a verifier was made with it changes nothing there.</remarks>
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

    /// <summary>What operators see it by: 1–64 printable ASCII characters. Default: this machine's name, as far as it is that.</summary>
    public string Name { get; set; } = OfMachine(Environment.MachineName);

    /// <summary>How many secrets it holds at most, about 300 bytes each; past it, one of the least recently used goes.</summary>
    public int Capacity { get; set; } = 1_000_000;

    /// <summary>
    /// Whether to take over all keys at the start, so that the first request with each is answered from memory. The management key needs
    /// <c>replicas:preload</c> besides.
    /// </summary>
    public bool Preload { get; set; }

    /// <summary>The longest that a validation waits for what memory does not know; then the answer is <c>unavailable</c>.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A copy that nobody else changes, with the default node where there is none.</summary>
    /// <exception cref="ArgumentException">Something is wrong.</exception>
    internal WarderVerifierOptions Checked()
    {
        if (FindProblems().ToList() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(' ', problems));
        var copy = (WarderVerifierOptions)MemberwiseClone();
        copy.Nodes = Nodes.Count > 0 ? [.. Nodes] : [WarderClientOptions.DefaultBaseAddress];
        return copy;
    }

    /// <summary>Finds what is wrong, and says what would be right. Never shows the key.</summary>
    internal IEnumerable<string> FindProblems()
    {
        foreach (var problem in (Nodes ?? []).SelectMany((node, index) => WarderClientOptions.FindProblems(node, $"Nodes[{index}]", AllowInsecure)))
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

    /// <summary>A machine's name as a node accepts it.</summary>
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
        => options.FindProblems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
