using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Warder.Client;

/// <summary>The address of Warder, and the management key of calls.</summary>
/// <remarks>The options bind from a configuration section. A client copies them: later changes have no effect on it.</remarks>
public sealed class WarderClientOptions
{
    /// <summary>The name of the client in <c>IHttpClientFactory</c>, by which handlers are added to it.</summary>
    public const string HttpClientName = "Warder";

    /// <summary>The default address of a server.</summary>
    public static readonly Uri DefaultBaseAddress = new("http://127.0.0.1:7070");

    /// <summary>The server's address; a path in it is kept. Use https unless it is on this machine: secrets travel in requests.</summary>
    public Uri BaseAddress { get; set; } = DefaultBaseAddress;

    /// <summary>
    /// Whether plain http may leave this machine, where the network itself is trusted. Without it an http address that is not loopback is
    /// refused.
    /// </summary>
    public bool AllowInsecure { get; set; }

    /// <summary>The management key (<c>wdrm_…</c>), a secret. Without one only the health check is of use.</summary>
    [JsonIgnore]
    public string? ManagementKey { get; set; }

    /// <summary>The longest duration of a call, all its attempts and pauses together.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest duration of one attempt of a repeatable call. Other calls have all of <see cref="Timeout"/>.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest number of attempts of a repeatable call: 1–10. 1 turns retries off.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>Finds invalid options, and names valid values. Never shows the key.</summary>
    internal IEnumerable<string> FindProblems()
    {
        foreach (var problem in FindProblems(BaseAddress, nameof(BaseAddress), AllowInsecure))
            yield return problem;
        if (FindKeyProblem(ManagementKey) is { } wrong)
            yield return wrong;
        if (Timeout <= TimeSpan.Zero || AttemptTimeout <= TimeSpan.Zero)
            yield return "Timeout and AttemptTimeout must be longer than nothing, such as 00:00:30.";
        if (MaxAttempts is < 1 or > 10)
            yield return "MaxAttempts must be 1 to 10.";
    }

    internal static IEnumerable<string> FindProblems(Uri? address, string name, bool allowInsecure)
    {
        if (address is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"{name} must be an absolute http or https URL, such as http://127.0.0.1:7070.";
            yield break;
        }

        if (address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            yield return $"{name} must have no query, fragment or user: the management key is an option of its own.";
        else if (address.Scheme == "http" && !address.IsLoopback && !allowInsecure)
            yield return $"{address} would carry keys in the clear over a network. "
                + "Use https; or, where the network itself is trusted, set AllowInsecure.";
    }

    internal static string? FindKeyProblem(string? key)
        => key is not null && (key.Length is 0 or > 512 || !key.All(static c => c is > ' ' and < '\x7f'))
            ? "ManagementKey must be 1 to 512 visible ASCII characters, without blanks or line ends."
            : null;

    /// <exception cref="ArgumentException">An option is invalid.</exception>
    internal void ThrowIfWrong()
    {
        if (FindProblems().ToList() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(' ', problems));
    }
}

/// <summary>Validates the options when they are read, or at the application's start.</summary>
internal sealed class WarderClientOptionsValidation : IValidateOptions<WarderClientOptions>
{
    public ValidateOptionsResult Validate(string? name, WarderClientOptions options)
        => options.FindProblems().ToList() is { Count: > 0 } problems
            ? ValidateOptionsResult.Fail(problems)
            : ValidateOptionsResult.Success;
}
