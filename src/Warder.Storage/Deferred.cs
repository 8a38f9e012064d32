namespace Warder.Storage;

/// <summary>
/// A query with a result that is not needed yet. Where a query costs a round trip, it is sent with the next query that is needed.
/// </summary>
public sealed class Deferred<T>
{
    private readonly Action? send;
    private List<T>? rows;

    internal Deferred(List<T> rows) => this.rows = rows;

    internal Deferred(Action send) => this.send = send;

    /// <summary>The rows. The first read may have to wait for them.</summary>
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
