using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Warder.Cedar.Fuzz.Oracle;

/// <summary>
/// Runs the official engine in one process for its lifetime. Any number of calls may be in flight; the answers come in their order.
/// </summary>
internal sealed class OfficialEngine : IDisposable
{
    private const int CallsAnEngine = 20_000;

    private readonly Process _process;
    private readonly ConcurrentQueue<(Answer[] Answers, TaskCompletionSource<Answer[]> Done)> _waiting = new();
    private readonly Lock _writing = new();
    private readonly Task _reading;
    private int _calls;

    private OfficialEngine(Process process)
    {
        _process = process;
        _reading = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">There is no node, or the package is not installed.</exception>
    public static OfficialEngine Start()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "Warder.slnx")))
            root = root.Parent;
        var folder = System.IO.Path.Combine(
            root?.FullName ?? throw new InvalidOperationException(
                "The official engine is looked for in the checkout that this was built in."), "tests", "fuzz");
        if (!Directory.Exists(System.IO.Path.Combine(folder, "node_modules", "@cedar-policy", "cedar-wasm")))
            throw new InvalidOperationException(
                $"The official engine is not installed: npm ci in {folder}, which ./test and tests/fuzz/run do.");
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var process = Process.Start(new ProcessStartInfo("node", ["--stack-size=4000", System.IO.Path.Combine(folder, "oracle.mjs")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = utf8, StandardOutputEncoding = utf8,
        });
        return new OfficialEngine(process ?? throw new InvalidOperationException("node does not start"));
    }

    /// <summary>Makes the calls one after the other, without another caller's calls in between.</summary>
    public Task<Answer[]> CallAsync(IReadOnlyList<Call> calls)
    {
        if (calls.Count == 0)
            return Task.FromResult<Answer[]>([]);
        var lines = string.Concat(calls.Select(call => call.ToLine() + '\n'));
        var done = new TaskCompletionSource<Answer[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_writing)
        {
            _waiting.Enqueue((new Answer[calls.Count], done));
            _calls += calls.Count;
            if (_calls > CallsAnEngine)
            {
                _process.StandardInput.Write("renew\n");
                _calls = 0;
            }

            _process.StandardInput.Write(lines);
            _process.StandardInput.Flush();
        }

        return done.Task;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _reading.Wait();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            // The awaited call entered the queue before its line was written.
            _waiting.TryPeek(out var first);
            var position = Array.IndexOf(first.Answers, null);
            first.Answers[position] = new Answer(line);
            if (position == first.Answers.Length - 1)
            {
                _waiting.TryDequeue(out _);
                first.Done.SetResult(first.Answers);
            }
        }

        while (_waiting.TryDequeue(out var lost))
            lost.Done.SetException(new EngineLostException());
    }
}

/// <summary>The official engine's process ended before its answer.</summary>
internal sealed class EngineLostException() : Exception("The official engine's process ended before it had answered.");
