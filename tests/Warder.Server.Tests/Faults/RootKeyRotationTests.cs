using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Storage;

namespace Warder.Server.Tests.Faults;

/// <summary>
/// A rotation of the root key survives being killed: every state of the disk that a kill can leave is made, and started from.
/// </summary>
public sealed class RootKeyRotationTests
{
    [Fact]
    public async Task After_a_rotation_the_old_root_key_opens_nothing_and_the_new_one_everything()
    {
        using var folder = await Data();
        var old = await File.ReadAllBytesAsync(folder.RootKey);
        OfflineData.RotateRootKey(folder.Path, folder.Shared, null);
        var fresh = await File.ReadAllBytesAsync(folder.RootKey);
        Assert.NotEqual(old, fresh);
        Assert.False(File.Exists(folder.RootKey + ".next"));
        await Starts(folder);
        await File.WriteAllBytesAsync(folder.RootKey, old);
        await Assert.ThrowsAsync<StorageException>(() => Starts(folder));
    }

    [Trait("database", "sqlite")]
    [Theory]
    [InlineData("before anything", false, "")]
    [InlineData("while the new key was written", false, ".next.tmp")]
    [InlineData("before the database took it", false, ".next")]
    [InlineData("after the database took it", true, ".next")]
    public async Task Killed_at_any_point_it_can_be_started_and_rotated_again(string point, bool taken, string left)
    {
        Assert.NotEmpty(point);
        using var folder = await Data();
        var old = await File.ReadAllBytesAsync(folder.RootKey);
        var before = await File.ReadAllBytesAsync(folder.Database);
        OfflineData.RotateRootKey(folder.Path, folder.Shared, null);
        var fresh = await File.ReadAllBytesAsync(folder.RootKey);
        await File.WriteAllBytesAsync(folder.RootKey, old);
        if (!taken)
            await File.WriteAllBytesAsync(folder.Database, before);
        if (left.Length > 0)
            await DataFolder.Write(folder.RootKey + left, left.EndsWith(".tmp", StringComparison.Ordinal) ? fresh[..5] : fresh);

        await Starts(folder);
        Assert.Equal(taken ? fresh : old, await File.ReadAllBytesAsync(folder.RootKey));
        OfflineData.RotateRootKey(folder.Path, folder.Shared, null);
        await Starts(folder);
        Assert.False(File.Exists(folder.RootKey + ".next"));
        Assert.False(File.Exists(folder.RootKey + ".next.tmp"));
    }

    [Fact]
    public async Task A_running_server_is_not_rotated_under_its_feet()
    {
        await using var warder = await RunningWarder.StartAsync();
        var before = await File.ReadAllBytesAsync(warder.Folder.RootKey);
        Assert.Equal(StorageFaultKind.InUse, Assert.Throws<StorageException>(() => OfflineData.RotateRootKey(warder.Folder.Path, warder.Folder.Shared, null)).Kind);
        Assert.Equal(before, await File.ReadAllBytesAsync(warder.Folder.RootKey));
    }

    [Fact]
    public async Task With_a_wrong_root_key_nothing_is_rotated()
    {
        using var folder = await Data();
        var right = await File.ReadAllBytesAsync(folder.RootKey);
        await File.WriteAllBytesAsync(folder.RootKey, Core.Secrets.Entropy.System.Bytes(32));
        Assert.Equal(StorageFaultKind.Damaged, Assert.Throws<StorageException>(() => OfflineData.RotateRootKey(folder.Path, folder.Shared, null)).Kind);
        await File.WriteAllBytesAsync(folder.RootKey, right);
        await Starts(folder);
    }

    private static async Task<DataFolder> Data()
    {
        var folder = new DataFolder();
        await Starts(folder);
        return folder;
    }

    private static async Task Starts(DataFolder folder)
    {
        await using var warder = await RunningWarder.StartAsync(folder);
        (await warder.Get("/api_keys")).Is(200);
    }
}
