using System.IO.MemoryMappedFiles;

namespace Warder.Faults.Load;

/// <summary>
/// The epochs of subjects, in a file that this program and the applications have in their memories: an application reads there, between one
/// validation and the next, whether a change has begun or returned.
/// </summary>
/// <remarks>Thread-safe. An epoch is advanced by one thread at a time.</remarks>
internal sealed unsafe class Epochs : IDisposable
{
    private const int Slots = 1 << 15;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly int* epochs;
    private readonly Stack<int> free = [];
    private int used;

    private Epochs(string path, FileMode mode)
    {
        file = MemoryMappedFile.CreateFromFile(path, mode, null, Slots * sizeof(int));
        view = file.CreateViewAccessor();
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        epochs = (int*)start;
    }

    /// <summary>For who advances them.</summary>
    public static Epochs Create(string path) => new(path, FileMode.CreateNew);

    /// <summary>For who looks at them.</summary>
    public static Epochs Open(string path) => new(path, FileMode.Open);

    public int this[int slot] => Volatile.Read(ref epochs[slot]);

    public void Advance(int slot) => Interlocked.Increment(ref epochs[slot]);

    /// <summary>A slot that is nobody else's. Its epoch is where it was left.</summary>
    public int Take()
    {
        lock (free)
            return free.Count > 0 ? free.Pop() : used < Slots ? used++ : throw new InvalidOperationException($"There are more than {Slots} subjects.");
    }

    /// <summary>Gives one back.</summary>
    public void Release(int slot)
    {
        lock (free)
            free.Push(slot);
    }

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
