using System.Text;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Storage.Events;
using Warder.Storage.Journal;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Journal;

/// <summary>A journal on a database of its own, and a listener that writes down what it is told.</summary>
internal sealed class JournalOnDisk : IDisposable
{
    private readonly TestDatabase? own;
    private bool stopped;

    public JournalOnDisk(Database kind)
        : this(new TestDatabase(kind), owns: true)
    {
    }

    /// <summary>A node on a database that others may use too.</summary>
    public JournalOnDisk(TestDatabase database, bool owns = false, TimeSpan? commitPatience = null)
    {
        own = owns ? database : null;
        Store = database.Open(commitPatience);
        Journal = new Storage.Journal.Journal(Store, Listener, Clock.System);
        Journal.Submit<int>(context => context.Session.Execute("CREATE TABLE IF NOT EXISTS notes (place INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, filler TEXT)"))
            .GetAwaiter().GetResult();
        Listener.Heard.Clear();
    }

    public Store Store { get; }

    public Storage.Journal.Journal Journal { get; }

    public Listening Listener { get; } = new();

    public long Head => Store.Read(Log.Head).Sequence;

    public long Batches => Store.Read(session => session.Number("SELECT COUNT(*) FROM event_batches"));

    public List<string> Notes => Store.Read(session => session.All("SELECT name FROM notes ORDER BY place", row => row.GetString(0)));

    /// <summary>What is wrong with the log; null when nothing is.</summary>
    public string? Problem => Store.ReadSnapshot(LogVerification.Run).Problem;

    /// <summary>Writes a note with its event.</summary>
    public Task<Result<string>> Note(string name, string? filler = null) => Journal.Submit<string>(context => Write(context, name, filler));

    public static string Write(CommandContext context, string name, string? filler = null)
    {
        context.Session.Execute("INSERT INTO notes (place, name, filler) SELECT COALESCE(MAX(place), 0) + 1, $1, $2 FROM notes", name, filler);
        context.Append(Event(context, name));
        return name;
    }

    // Of no environment, since there is none here.
    public static EventDraft Event(CommandContext context, string name)
    {
        var id = Id.New(IdKind.Event, context.Now, Entropy.System);
        return new EventDraft
        {
            Id = id,
            Environment = 0,
            Type = name,
            CreatedAt = context.Now,
            Body = EventBody.Of(Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","event":"{{name}}","created_at":"{{context.Now}}"}""")),
        };
    }

    /// <summary>Holds the writer, so that what is submitted meanwhile waits and becomes one batch; the call lets it go on.</summary>
    public Action Hold()
    {
        var (holding, go) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        _ = Journal.Submit<bool>(_ =>
        {
            holding.Set();
            go.Wait();
            return Fault.NotFound("Nothing");
        });
        holding.Wait();
        return go.Set;
    }

    /// <summary>Writes what waits, and stops.</summary>
    public void Stop()
    {
        stopped = true;
        Journal.Dispose();
    }

    public void Dispose()
    {
        if (!stopped)
            Journal.Dispose();
        own?.Dispose();
    }

    internal sealed class Listening : CommitListener
    {
        public List<(long Sequence, string Type)> Heard { get; } = [];

        public int Unknown { get; private set; }

        /// <summary>What to do when a batch is told of.</summary>
        public Action<CommittedBatch> OnCommitted { get; set; } = _ => { };

        public override Propagation Committed(CommittedBatch batch)
        {
            OnCommitted(batch);
            lock (Heard)
                Heard.AddRange(batch.Events.Select((draft, i) => (batch.FirstSequence + i, draft.Type)));
            return Propagation.Done;
        }

        public override void Forget() => Unknown++;

        public override void Restore()
        {
        }
    }
}
