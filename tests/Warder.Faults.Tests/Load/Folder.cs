using Warder.Faults.Load;

namespace Warder.Faults.Tests.Load;

/// <summary>A directory of a test's own, with epochs in it.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("warder-faults-test-");

    public Folder() => Epochs = Epochs.Create(Path.Combine(directory.FullName, "epochs"));

    public Epochs Epochs { get; }

    public void Dispose()
    {
        Epochs.Dispose();
        directory.Delete(recursive: true);
    }
}
