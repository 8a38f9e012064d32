using Warder.Core.Secrets;

namespace Warder.Client;

/// <summary>Where Warder is, as whom to ask it, and how much to hold in memory.</summary>
public sealed record WarderVerifierOptions
{
    /// <summary>The longest <see cref="Name"/>.</summary>
    public const int MaxNameLength = 64;

    /// <summary>
    /// The server's nodes, in the order in which they are tried; when one is lost, the next takes its place. Use https unless they are on
    /// this machine.
    /// </summary>
    public IReadOnlyList<Uri> Nodes { get; init; } = [WarderClientOptions.DefaultBaseAddress];

    /// <summary>A management key that holds <c>keys:validate</c>. The verifier knows the keys of its environment.</summary>
    public required SecretString ManagementKey { get; init; }

    /// <summary>
    /// Whether plain http (and <c>ws</c>) may leave this machine, where the network itself is trusted. Without it an http address that is
    /// not loopback is refused.
    /// </summary>
    public bool AllowInsecure { get; init; }

    /// <summary>What operators see it by: 1–64 printable ASCII characters. Default: this machine's name, as far as it is that.</summary>
    public string Name { get; init; } = OfMachine(Environment.MachineName);

    /// <summary>How many secrets it holds at most, about 300 bytes each; past it, one of the least recently used goes.</summary>
    public int Capacity { get; init; } = 1_000_000;

    /// <summary>
    /// Whether to take over all keys at the start, so that the first request with each is answered from memory. The management key needs
    /// <c>replicas:preload</c> besides.
    /// </summary>
    public bool Preload { get; init; }

    /// <summary>The longest that a validation waits for what memory does not know; then the answer is <c>unavailable</c>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks what the types do not say.</summary>
    /// <exception cref="ArgumentException">Says which option is wrong and what would be right; never shows the key.</exception>
    public void Check()
    {
        if (Nodes.Count == 0)
            throw new ArgumentException("Nodes must name at least one node of Warder.");
        foreach (var node in Nodes)
            new WarderClientOptions { BaseAddress = node, ManagementKey = ManagementKey, AllowInsecure = AllowInsecure }.Check();
        if (Name.Length is 0 or > MaxNameLength || Name.Any(static each => !IsPrintable(each)))
            throw new ArgumentException("Name must be 1 to 64 printable ASCII characters.");
        if (Capacity < 1)
            throw new ArgumentException("Capacity must be at least 1.");
        if (Timeout <= TimeSpan.Zero)
            throw new ArgumentException("Timeout must be longer than nothing.");
    }

    /// <summary>A machine's name as a node accepts it.</summary>
    internal static string OfMachine(string name)
    {
        var accepted = string.Concat(name.Where(IsPrintable).Take(MaxNameLength));
        return accepted.Length > 0 ? accepted : "unnamed";
    }

    private static bool IsPrintable(char each) => each is >= ' ' and <= '~';
}
