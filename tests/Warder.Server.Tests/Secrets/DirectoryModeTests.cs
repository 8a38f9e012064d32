using System.Diagnostics;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Storage;

namespace Warder.Server.Tests.Secrets;

/// <summary>
/// A data directory that another user can read, write or hold is refused, with the command that mends it. The modes are looked at, so that
/// it holds for root too.
/// </summary>
public sealed class DirectoryModeTests
{
    [Theory]
    [InlineData("", "0777", "chmod 700 ")]
    [InlineData("", "0755", "chmod 700 ")]
    [InlineData("", "0701", "chmod 700 ")]
    [InlineData("", "0770", "chmod 700 ")]
    [InlineData("warder.db", "0666", "chmod 600 ")]
    [InlineData("warder.db", "0640", "chmod 600 ")]
    [InlineData("warder.db-wal", "0644", "chmod 600 ")]
    [InlineData("root-key", "0604", "chmod 600 ")]
    [InlineData("management-key", "0644", "chmod 600 ")]
    [InlineData("row-macs", "0602", "chmod 600 ")]
    public async Task One_that_is_too_open_is_refused_and_after_the_command_it_is_not(string file, string mode, string command)
    {
        using var folder = await Data();
        var path = file.Length == 0 ? folder.Path : Path.Combine(folder.Path, file);
        if (!File.Exists(path) && file.Length > 0)
            await DataFolder.Write(path, []);
        Run("chmod", mode, path);
        var refused = await Refused(folder);
        Assert.Contains($"{path} has the mode {mode}", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Mend it: {command}{path}", refused.Message, StringComparison.Ordinal);
        Run("/bin/sh", "-c", refused.Message[(refused.Message.IndexOf("Mend it: ", StringComparison.Ordinal) + 9)..]);
        await Starts(folder);
    }

    [Theory]
    [InlineData("warder.db")]
    [InlineData("lock")]
    [InlineData("root-key")]
    [InlineData("management-key")]
    public async Task A_symbolic_link_in_it_is_not_followed(string file)
    {
        using var folder = await Data();
        using var elsewhere = new DataFolder();
        var (path, target) = (Path.Combine(folder.Path, file), Path.Combine(elsewhere.Path, file));
        File.Move(path, target);
        File.CreateSymbolicLink(path, target);
        var before = await File.ReadAllBytesAsync(target);
        Assert.Contains($"{path} is a symbolic link", (await Refused(folder)).Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(target));
        // A link to what is not there makes nothing there.
        File.Delete(target);
        Assert.Contains($"{path} is a symbolic link", (await Refused(folder)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
    }

    [Fact]
    public async Task Another_users_directory_or_file_is_refused()
    {
        // Nobody else can give a file away.
        if (Environment.UserName != "root")
            return;
        foreach (var file in (string[])["", "warder.db", "lock", "root-key"])
        {
            using var folder = await Data();
            var path = file.Length == 0 ? folder.Path : Path.Combine(folder.Path, file);
            if (!File.Exists(path) && file.Length > 0)
                continue;
            Run("chown", "65534", path);
            Assert.Contains($"{path} belongs to the user 65534, and Warder runs as 0. Mend it: chown 0 {path}", (await Refused(folder)).Message, StringComparison.Ordinal);
            Run("chown", "0", path);
            await Starts(folder);
        }
    }

    [Fact]
    public async Task What_is_made_is_its_owners_alone_and_so_is_the_lock_of_a_version_before()
    {
        using var folder = await Data();
        var path = Path.Combine(folder.Path, "lock");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Run("chmod", "644", path);
        await Starts(folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_root_key_elsewhere_that_others_can_read_is_refused()
    {
        using var folder = await Data();
        using var elsewhere = new DataFolder();
        File.Move(folder.RootKey, elsewhere.RootKey);
        Run("chmod", "644", elsewhere.RootKey);
        var options = new ServeOptions { DataDirectory = folder.Path, Database = folder.Shared, Listen = "http://127.0.0.1:0", RootKeyPath = elsewhere.RootKey };
        var refused = await Assert.ThrowsAsync<StorageException>(() => WarderHost.StartAsync(options));
        Assert.EndsWith($"chmod 600 {elsewhere.RootKey}", refused.Message, StringComparison.Ordinal);
        // As a secret that is mounted: a link, which the group may read.
        Run("chmod", "640", elsewhere.RootKey);
        File.CreateSymbolicLink(elsewhere.RootKey + ".link", elsewhere.RootKey);
        await using var host = await WarderHost.StartAsync(options with { RootKeyPath = elsewhere.RootKey + ".link" });
    }

    [Fact]
    public async Task The_key_of_a_certificate_that_others_can_read_is_refused()
    {
        using var folder = await Data();
        var key = Path.Combine(folder.Path, "key.pem");
        await DataFolder.Write(key, "no key"u8.ToArray());
        Run("chmod", "644", key);
        var options = new ServeOptions { DataDirectory = folder.Path, Database = folder.Shared, Listen = "https://127.0.0.1:0", TlsCertificatePath = key, TlsKeyPath = key };
        Assert.Contains($"chmod 600 {key}", (await Assert.ThrowsAsync<ArgumentException>(() => WarderHost.StartAsync(options))).Message, StringComparison.Ordinal);
    }

    private static async Task<DataFolder> Data()
    {
        var folder = new DataFolder();
        await Starts(folder);
        if (!File.Exists(folder.Database))
            await DataFolder.Write(folder.Database, []);
        return folder;
    }

    private static async Task Starts(DataFolder folder)
    {
        await using var warder = await RunningWarder.StartAsync(folder);
        (await warder.Get("/api_keys")).Is(200);
    }

    private static Task<StorageException> Refused(DataFolder folder) => Assert.ThrowsAsync<StorageException>(() => RunningWarder.StartAsync(folder));

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
