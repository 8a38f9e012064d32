using System.Runtime.InteropServices;
using Warder.Storage;

namespace Warder.Engine.Secrets;

/// <summary>
/// Refuses files and directories that another user of the machine can read, write, replace or lock. The refusal ends with the command that
/// corrects the permissions. Checks on Linux only; elsewhere the operator protects them.
/// </summary>
internal static partial class ProtectedPath
{
    private const int WorkingDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStatus = 0x7FF;
    private const int StatusBytes = 256;

    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int SymbolicLink = 0xA000;

    private const int OthersAndGroup = 0x3F;
    private const int GroupWriteAndOthers = 0x17;

    /// <summary>Checks a directory that holds secrets: its group may at most read it, and other users have no access.</summary>
    /// <exception cref="StorageException">The directory belongs to another user, or its permissions are too wide.</exception>
    public static void RequireDirectory(string path)
    {
        if (Status(path, follow: true) is not { } status)
            return;
        RequireOwner(path, status.Owner);
        if ((status.Mode & GroupWriteAndOthers) != 0)
            throw Refusal(
                path, $"has the mode {Octal(status.Mode)}: other users of this machine could hold or exchange what is in it",
                $"chmod 700 {Quoted(path)}");
    }

    /// <summary>Checks a file in such a directory, if it exists: a regular file, no link, and accessible to its owner only.</summary>
    /// <exception cref="StorageException">
    /// The file is of another type, belongs to another user, or its permissions are too wide.
    /// </exception>
    public static void RequireFile(string path)
    {
        if (Status(path, follow: false) is not { } status)
            return;
        if ((status.Mode & TypeMask) == SymbolicLink)
            throw Refusal(
                path, "is a symbolic link, which Warder does not follow", $"mv -T \"$(readlink -f {Quoted(path)})\" {Quoted(path)}");
        if ((status.Mode & TypeMask) != RegularFile)
            throw Refusal(path, "is no regular file", $"ls -l {Quoted(path)}");
        RequireOwner(path, status.Owner);
        if ((status.Mode & OthersAndGroup) != 0)
            throw Refusal(path, $"has the mode {Octal(status.Mode)}: it must be its owner's alone", $"chmod 600 {Quoted(path)}");
    }

    /// <summary>
    /// Checks a file that an operator names, at any path: a link is followed, the group may read it, and other users have no access.
    /// </summary>
    /// <exception cref="StorageException">The file belongs to another user, or its permissions are too wide.</exception>
    public static void RequireNamedFile(string path)
    {
        if (Status(path, follow: true) is not { } status)
            return;
        RequireOwner(path, status.Owner);
        if ((status.Mode & GroupWriteAndOthers) != 0)
            throw Refusal(
                path, $"has the mode {Octal(status.Mode)}: it holds a secret, and other users of this machine could read or change it",
                $"chmod 600 {Quoted(path)}");
    }

    private static void RequireOwner(string path, uint owner)
    {
        var own = EffectiveUser();
        if (owner != 0 && owner != own)
            throw Refusal(path, $"belongs to the user {owner}, and Warder runs as {own}", $"chown {own} {Quoted(path)}");
    }

    private static StorageException Refusal(string path, string what, string command)
        => new(StorageFaultKind.Unavailable, $"{path} {what}. Mend it: {command}");

    private static string Octal(int mode) => Convert.ToString(mode & 0xFFF, 8).PadLeft(4, '0');

    private static string Quoted(string path)
        => path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-')
            ? path
            : "'" + path.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    // The layout of statx is the same on every processor; that of stat is not.
    private static (int Mode, uint Owner)? Status(string path, bool follow)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var status = new byte[StatusBytes];
        return ReadStatus(WorkingDirectory, path, follow ? 0 : NoFollow, BasicStatus, status) != 0
            ? null
            : (BitConverter.ToUInt16(status, 28), BitConverter.ToUInt32(status, 20));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadStatus(int directory, string path, int flags, uint mask, byte[] status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
