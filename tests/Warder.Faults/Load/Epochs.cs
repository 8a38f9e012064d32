using System.IO.MemoryMappedFiles;

namespace Warder.Faults.Load;

/// <summary>
/// Holds the epochs of subjects in a file that this program and the applications map: an application reads there, between two validations,
/// whether a change has begun or returned.
/// </summary>
/// <remarks>Thread-safe. One thread at a time advances an epoch.</remarks>
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

    /// <summary>Creates the file, to advance epochs.</summary>
    public static Epochs Create(string path) => new(path, FileMode.CreateNew);

    /// <summary>Opens the file to read epochs.</summary>
    public static Epochs Open(string path) => new(path, FileMode.Open);

    public int this[int slot] => Volatile.Read(ref epochs[slot]);

    public void Advance(int slot) => Interlocked.Increment(ref epochs[slot]);

    /// <summary>Allocates a slot. Its epoch continues from its last value.</summary>
    public int Take()
    {
        lock (free)
            return free.Count > 0
                ? free.Pop()
                : used < Slots ? used++ : throw new InvalidOperationException($"There are more than {Slots} subjects.");
    }

    /// <summary>Frees a slot.</summary>
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
