namespace Warder.Server.Hosting;

/// <summary>Stands in for the server until it is here.</summary>
internal sealed record ServeOptions
{
    public required string DataDirectory { get; init; }

    public required string Listen { get; init; }

    public string? TlsCertificateFile { get; init; }

    public string? TlsKeyFile { get; init; }

    public bool Insecure { get; init; }
}

/// <summary>Stands in for the server until it is here.</summary>
internal static class WarderHost
{
    public static Task<int> RunAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine($"warder: this build has no server to run on {options.Listen}.");
        return Task.FromResult(5);
    }
}
