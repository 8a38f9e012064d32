using System.Globalization;
using System.Net.Sockets;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Secrets;
using Warder.Server.Connections;
using Warder.Server.Hosting;
using Warder.Storage;
using Warder.Storage.Postgres;

namespace Warder.Server.Health;

/// <summary>
/// Checks an installation: the surroundings that a server needs, and those that would surprise its operator. Changes nothing, and may run
/// beside the server.
/// </summary>
public static class InstallationChecks
{
    private const long FewBytes = 1L << 30;
    private const long TooFewBytes = 100L << 20;
    private const int FewDays = 14;
    private const int OldestPostgres = 150_000;
    private const long ClockMilliseconds = 5_000;
    private const long BehindMilliseconds = 300_000;

    /// <summary>Runs every check.</summary>
    public static IReadOnlyList<InstallationCheck> Run(ServeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directory = Path.GetFullPath(options.DataDirectory);
        var isRunning = DataDirectory.IsLocked(directory);
        return
        [
            Guard("data_directory", name => Directory(name, directory, isRunning)), Guard("disk_space", name => Disk(name, directory)),
            Guard("root_key", name => RootKey(name, options, directory)), Guard("database", name => Database(name, options, directory)),
            Guard("clock", name => ClockOf(name, options, directory)), Guard("tls_certificate", name => Certificate(name, options)),
            Guard("listen", name => Port(name, options, isRunning)), Guard("open_files", Descriptors),
            Guard("management_key", name => ManagementKey(name, directory)),
        ];
    }

    private static InstallationCheck Guard(string name, Func<string, InstallationCheck> check)
    {
        try
        {
            return check(name);
        }
        catch (Exception e) when (e is StorageException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return Fail(name, e.Message);
        }
    }

    private static InstallationCheck Directory(string name, string directory, bool isRunning)
    {
        if (!System.IO.Directory.Exists(directory))
            return Warn(name, $"{directory} does not exist: the first start creates it.");
        DataDirectory.CheckModes(directory);
        return Ok(name, isRunning ? $"{directory} is used by a running server." : $"{directory} is its owner's alone.");
    }

    private static InstallationCheck Disk(string name, string directory)
    {
        var existing = directory;
        while (!System.IO.Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        var free = new DriveInfo(existing).AvailableFreeSpace;
        var found = string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MB are free at {existing}.");
        return free < TooFewBytes ? Fail(name, found + " Changes fail when the disk is full: make room.")
            : free < FewBytes ? Warn(name, found + " Make room.") : Ok(name, found);
    }

    private static InstallationCheck RootKey(string name, ServeOptions options, string directory)
    {
        var path = options.RootKeyPath ?? Path.Combine(directory, "root-key");
        if (File.Exists(path))
        {
            ProtectedPath.RequireNamedFile(path);
            return new FileInfo(path).Length == Core.Secrets.RootKey.Length
                ? Ok(name, $"{path} is there. Keep a copy of it elsewhere, away from the backups of the database.")
                : Fail(name, $"{path} is no root key: it must have {Core.Secrets.RootKey.Length} bytes. Restore it from its copy.");
        }

        return options.Database is null && !File.Exists(Path.Combine(directory, "warder.db"))
            ? Warn(name, $"{path} does not exist: the first start creates it.")
            : Fail(name, $"{path} is missing. Restore it from its copy, or copy it from a node that has it.");
    }

    private static InstallationCheck Database(string name, ServeOptions options, string directory)
    {
        if (options.Database is not { } connection)
        {
            var path = Path.Combine(directory, "warder.db");
            return File.Exists(path) ? Ok(name, $"SQLite in {path}.") : Warn(name, $"{path} does not exist: the first start creates it.");
        }

        var probe = PostgresStore.Probe(connection.Reveal());
        var version = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {probe.Version / 10_000}.{probe.Version % 10_000}");
        return probe.Version < OldestPostgres
            ? Fail(name, $"{version} is too old: Warder needs {OldestPostgres / 10_000} or later.")
            : Ok(name, $"{version} answers.");
    }

    private static InstallationCheck ClockOf(string name, ServeOptions options, string directory)
    {
        var now = Clock.System.Now().UnixMilliseconds;
        var database = new FileInfo(Path.Combine(directory, "warder.db"));
        if (options.Database is { } connection)
        {
            var difference = PostgresStore.Probe(connection.Reveal()).Now.UnixMilliseconds - now;
            return Math.Abs(difference) > ClockMilliseconds
                ? Warn(name, $"The database's clock differs by {difference} ms. Run NTP on both machines: keys end by the node's clock.")
                : Ok(name, "The clock agrees with the database's.");
        }

        var written = database.Exists ? new DateTimeOffset(database.LastWriteTimeUtc).ToUnixTimeMilliseconds() : now;
        return written - now > BehindMilliseconds
            ? Fail(name, $"The clock is behind the last change of {database.FullName}. Set it: keys that ended would work again.")
            : Ok(name, $"It is {DateTimeOffset.FromUnixTimeMilliseconds(now):u}.");
    }

    private static InstallationCheck Certificate(string name, ServeOptions options)
    {
        if (options.TlsCertificatePath is null || options.TlsKeyPath is null)
            return Ok(name, "None is configured.");
        var address = ListenAddress.Parse(options);
        if (address.Fault is { } fault)
            return Fail(name, fault.Fields[0].Message);
        using var certificate = address.Value.Certificate!;
        var left = certificate.NotAfter - DateTimeOffset.FromUnixTimeMilliseconds(Clock.System.Now().UnixMilliseconds).UtcDateTime;
        var until = $"The certificate is valid until {certificate.NotAfter:u}.";
        return left < TimeSpan.Zero ? Fail(name, until + " Renew it.")
            : left < TimeSpan.FromDays(FewDays) ? Warn(name, until + " Renew it soon.") : Ok(name, until);
    }

    private static InstallationCheck Port(string name, ServeOptions options, bool isRunning)
    {
        var address = ListenAddress.Parse(options);
        if (address.Fault is { } fault)
            return Fail(name, fault.Fields[0].Message);
        address.Value.Certificate?.Dispose();
        try
        {
            using var socket = new Socket(address.Value.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(address.Value.Endpoint);
            return Ok(name, $"{options.Listen} is free.");
        }
        catch (SocketException) when (isRunning)
        {
            return Ok(name, $"{options.Listen} is in use, and a server runs on the data directory.");
        }
        catch (SocketException e)
        {
            return Fail(name, $"{options.Listen} cannot be used: {e.Message}. Stop the other program, or choose another --listen.");
        }
    }

    private static InstallationCheck Descriptors(string name)
        => DescriptorLimit.Raise() is not { } limit || limit >= DescriptorLimit.Advised
            ? Ok(name, "The limit of open files suffices.")
            : Warn(name, $"The limit of open files is {limit}. Raise it to {DescriptorLimit.Advised} (ulimit -n, or LimitNOFILE=).");

    private static InstallationCheck ManagementKey(string name, string directory)
    {
        var path = Path.Combine(directory, "management-key");
        return File.Exists(path)
            ? Warn(name, $"{path} has every right. Make narrower keys, store this one elsewhere, and delete the file.")
            : Ok(name, "The first management key is not on this machine.");
    }

    private static InstallationCheck Ok(string name, string message) => new(name, CheckStatus.Ok, message);

    private static InstallationCheck Warn(string name, string message) => new(name, CheckStatus.Warn, message);

    private static InstallationCheck Fail(string name, string message) => new(name, CheckStatus.Fail, message);
}
