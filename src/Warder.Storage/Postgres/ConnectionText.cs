using System.Globalization;
using Npgsql;

namespace Warder.Storage.Postgres;

/// <summary>
/// How a database is named: <c>postgresql://user:password@host:port/database?sslmode=require</c>, with several <c>host:port</c> after
/// commas where there are standbys; or the driver's <c>Host=…;Username=…</c>.
/// </summary>
public static class ConnectionText
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["channel_binding"] = "Channel Binding",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
    };

    /// <summary>Reads a connection string in either form.</summary>
    /// <exception cref="ArgumentException">
    /// The text has neither form. The message quotes nothing of it, since it may hold a password.
    /// </exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var trimmed = text.Trim();
        var settings = trimmed.StartsWith("postgresql://", StringComparison.Ordinal)
            || trimmed.StartsWith("postgres://", StringComparison.Ordinal)
            ? OfUri(trimmed)
            : OfPairs(trimmed);
        if (string.IsNullOrEmpty(settings.Host))
            throw Malformed("it names no host");
        if (string.IsNullOrEmpty(settings.Username))
            throw Malformed("it names no user");
        if (string.IsNullOrEmpty(settings.Database))
            throw Malformed("it names no database");
        return settings;
    }

    private static NpgsqlConnectionStringBuilder OfPairs(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw Malformed("it is no URI and no list of Name=value pairs");
        }
    }

    // The framework's type for URIs does not support a list of hosts.
    private static NpgsqlConnectionStringBuilder OfUri(string text)
    {
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (main, query) = Split(rest, '?');
        var (authority, database) = Split(main, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? ("", null) : Split(authority[..at], ':');
        var settings = new NpgsqlConnectionStringBuilder { Host = Hosts(authority[(at + 1)..]) };
        Set(settings, "Username", user);
        Set(settings, "Password", password);
        Set(settings, "Database", database);
        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(pair, '=');
            if (!Names.TryGetValue(name, out var setting))
                throw Malformed($"Warder knows no parameter '{name}' in it");
            Set(settings, setting, name == "sslmode" ? (value ?? "").Replace("-", "", StringComparison.Ordinal) : value);
        }

        return settings;
    }

    private static string Hosts(string hosts)
    {
        foreach (var host in hosts.Split(','))
        {
            var port = host.LastIndexOf(':');
            if (host.Length == 0 || port == 0)
                throw Malformed("a host in it is empty");
            if (port > host.LastIndexOf(']')
                && !ushort.TryParse(host.AsSpan(port + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                throw Malformed("a port in it is no number");
        }

        return Uri.UnescapeDataString(hosts);
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        try
        {
            settings[name] = Uri.UnescapeDataString(value);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw Malformed($"its {name} cannot be that");
        }
    }

    private static (string Before, string? After) Split(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static ArgumentException Malformed(string why)
        => new(
            $"The database's connection string is not well-formed: {why}. "
            + "Write postgresql://user:password@host:5432/database?sslmode=verify-full.");
}
