using Warder.Core.Secrets;

namespace Warder.Client;

/// <summary>Where Warder is, and as whom to call it.</summary>
public sealed record WarderClientOptions
{
    /// <summary>Where Warder listens when nothing else is said.</summary>
    public static readonly Uri DefaultBaseAddress = new("http://127.0.0.1:7070");

    /// <summary>The server's address; a path in it is kept. Use https unless it is on this machine: secrets travel in requests.</summary>
    public Uri BaseAddress { get; init; } = DefaultBaseAddress;

    /// <summary>
    /// Whether plain http may leave this machine, where the network itself is trusted. Without it an http address that is not loopback is
    /// refused.
    /// </summary>
    public bool AllowInsecure { get; init; }

    /// <summary>The management key (<c>wdrm_…</c>). Without one only the health check is of use.</summary>
    public SecretString? ManagementKey { get; init; }

    /// <summary>The longest that a call takes, all its attempts and pauses together.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that one attempt takes of a call that can be repeated; others have all of <see cref="Timeout"/>.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a call that can be repeated is attempted at most: 1–10. 1 turns retries off.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Checks what the types do not say.</summary>
    /// <exception cref="ArgumentException">Says which option is wrong and what would be right; never shows the key.</exception>
    public void Check()
    {
        if (!BaseAddress.IsAbsoluteUri || BaseAddress.Scheme is not ("http" or "https"))
            throw new ArgumentException("BaseAddress must be an absolute http or https URL, such as http://127.0.0.1:7070.");
        if (BaseAddress.Scheme == "http" && !BaseAddress.IsLoopback && !AllowInsecure)
            throw new ArgumentException($"{BaseAddress} would carry keys in the clear over a network. Use https; or, where the network itself is trusted, set AllowInsecure.");
        if (BaseAddress.Query.Length > 0 || BaseAddress.Fragment.Length > 0 || BaseAddress.UserInfo.Length > 0)
            throw new ArgumentException("BaseAddress must have no query, fragment or user: the management key is an option of its own.");
        if (ManagementKey is not null && (ManagementKey.Reveal().Length is 0 or > 512 || !ManagementKey.Reveal().All(c => c is > ' ' and < '\x7f')))
            throw new ArgumentException("ManagementKey must be 1 to 512 visible ASCII characters, without blanks or line ends.");
        if (Timeout <= TimeSpan.Zero || AttemptTimeout <= TimeSpan.Zero)
            throw new ArgumentException("Timeout and AttemptTimeout must be longer than nothing.");
        if (MaxAttempts is < 1 or > 10)
            throw new ArgumentException("MaxAttempts must be 1 to 10.");
    }
}
