using Warder.Faults.Load;

namespace Warder.Faults.Tests.Load;

/// <summary>Creates a directory for one test, with epochs in it.</summary>
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
