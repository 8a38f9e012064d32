using System.Diagnostics;

namespace Warder.Bench.Replicas;

/// <summary>The speed of one thread that repeats an operation.</summary>
/// <param name="MedianMicroseconds">The duration of one; where one is too short for the clock, the median of the means of batches.</param>
/// <param name="PerSecond">The rate.</param>
internal sealed record SerialLoad(double MedianMicroseconds, double PerSecond)
{
    /// <summary>Measures, after the runtime has compiled the hot code.</summary>
    public static SerialLoad Run(Action action, int batch, double seconds)
    {
        Measure(action, batch, seconds);
        return Measure(action, batch, seconds);
    }

    private static SerialLoad Measure(Action action, int batch, double seconds)
    {
        var means = new List<double>();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i < batch; i++)
                action();
            means.Add(Stopwatch.GetElapsedTime(from).TotalMicroseconds / batch);
        }

        return new SerialLoad(means.Median(), means.Count * batch / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}
