namespace Warder.Storage;

/// <summary>A question whose answer was not needed yet: where it costs a round trip, it goes with the next one that must be made.</summary>
public sealed class Deferred<T>
{
    private readonly Action? send;
    private List<T>? rows;

    internal Deferred(List<T> rows) => this.rows = rows;

    internal Deferred(Action send) => this.send = send;

    /// <summary>The rows. The first who looks may have to wait for them.</summary>
    public IReadOnlyList<T> Rows
    {
        get
        {
            if (rows is null)
                send!();
            return rows ?? throw new InvalidOperationException("The question was taken back before it was sent.");
        }
    }

    /// <summary>The first row; default when there is none.</summary>
    public T? First => Rows.Count > 0 ? Rows[0] : default;

    internal void Answer(List<T> answer) => rows = answer;
}
