namespace Warder.Cedar.Tests;

/// <summary>A thread with a stack of 256 KB, on which an overflow would end the process.</summary>
internal static class SmallStack
{
    private const int Bytes = 256 * 1024;

    public static void Run(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    thrown = exception;
                }
            },
            Bytes);
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }
}
