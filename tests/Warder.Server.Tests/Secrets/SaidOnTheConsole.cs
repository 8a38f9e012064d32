using System.Text;

namespace Warder.Server.Tests.Secrets;

/// <summary>Captures the process's console output, and passes it on.</summary>
internal sealed class SaidOnTheConsole : IDisposable
{
    private readonly (TextWriter Out, TextWriter Error) before = (Console.Out, Console.Error);
    private readonly StringBuilder said = new();

    public SaidOnTheConsole()
    {
        Console.SetOut(new Both(before.Out, said));
        Console.SetError(new Both(before.Error, said));
    }

    public string Text
    {
        get
        {
            lock (said)
                return said.ToString();
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
