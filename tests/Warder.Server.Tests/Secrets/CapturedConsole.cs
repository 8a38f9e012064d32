using System.Text;

namespace Warder.Server.Tests.Secrets;

/// <summary>Captures the process's console output, and passes it on.</summary>
internal sealed class CapturedConsole : IDisposable
{
    private readonly (TextWriter Out, TextWriter Error) before = (Console.Out, Console.Error);
    private readonly StringBuilder captured = new();

    public CapturedConsole()
    {
        Console.SetOut(new Both(before.Out, captured));
        Console.SetError(new Both(before.Error, captured));
    }

    public string Text
    {
        get
        {
            lock (captured)
                return captured.ToString();
        }
    }

    public void Dispose()
    {
        Console.SetOut(before.Out);
        Console.SetError(before.Error);
    }

    private sealed class Both(TextWriter first, StringBuilder second) : TextWriter
    {
        public override Encoding Encoding => first.Encoding;

        public override void Write(char value)
        {
            lock (second)
                second.Append(value);
            first.Write(value);
        }
    }
}
