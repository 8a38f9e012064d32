namespace Warder.Conventions.Tests;

/// <summary>
/// Holds the agreed conventions, and every exception with its reason. A rule that harms good code is changed here, openly. An exception
/// that no code needs any more fails the test until it is removed.
/// </summary>
internal static class Agreed
{
    public const int LinesAFile = 400;

    /// <summary>The column at which lines end.</summary>
    public const int Columns = 140;
    public const int LinesAMethod = 60;
    public const int FilesAFolder = 15;

    /// <summary>The projects that a project may reference, directly or through these.</summary>
    public static readonly Dictionary<string, string[]> References = new()
    {
        ["Warder.Cedar"] = [],
        ["Warder.Contracts"] = [],
        ["Warder.Core"] = ["Warder.Cedar"],
        ["Warder.Storage"] = ["Warder.Core"],
        ["Warder.Protocol"] = ["Warder.Contracts"],
        ["Warder.Client"] = ["Warder.Core", "Warder.Protocol"],
        ["Warder.Engine"] = ["Warder.Storage", "Warder.Protocol"],
        ["Warder.Server"] = ["Warder.Engine"],
        ["Warder.AspNetCore"] = ["Warder.Client"],
        ["Warder.Testing"] = ["Warder.Client"],
        ["Warder.Cli"] = ["Warder.Server", "Warder.Client", "Warder.Cedar"],
    };

    /// <summary>Projects that use the base class library and nothing else: no package, no framework.</summary>
    public static readonly string[] Bare = ["Warder.Cedar", "Warder.Contracts", "Warder.Core", "Warder.Protocol"];

    /// <summary>The allowed names of folders in a project of src/.</summary>
    public static readonly string[] FolderNouns =
    [
        "Access", "Background", "Bodies", "Changes", "Commands", "Configuration", "Connections", "Deltas", "Directory", "Drills", "Errors",
        "Events", "Faults", "Health", "Hosting", "Http", "Idempotency", "Ids", "Imports", "Journal", "Json", "Keys", "Leases", "Lists",
        "LogReaders",
        "Management", "Migrations", "Nodes", "Nouns", "Openapi", "Options", "Output", "Paths", "Policies", "Postgres", "Queues", "Rates",
        "Receipts", "Replicas", "Secrets", "Shells", "Sqlite", "Streams", "Tags", "Telemetry", "Time", "Transport", "Verification",
        "Watermarks",

        // The terms of a language, in Warder.Cedar.
        "Diagnostics", "Evaluation", "Indexing", "Parsing", "Schemas", "Syntax", "Validation", "Values",
    ];

    /// <summary>Interfaces that users of the packages or another assembly implement: one implementation, or none, is right.</summary>
    public static readonly Dictionary<string, string> ExtensionPoints = new()
    {
        ["IPresentedTokens"] = "Core decides about several tokens of a type that is Client's, by a struct, so that nothing is allocated",
    };

    /// <summary>The homes of clocks and of randomness. Everything else takes time and randomness as arguments.</summary>
    public static readonly string[] AmbientHomes = ["src/Warder.Core/Time/Clock.cs", "src/Warder.Core/Secrets/Entropy.cs"];

    /// <summary>Names, and the only projects in which they may be used.</summary>
    public static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["HttpContext"] = ["Warder.Server", "Warder.AspNetCore"],
        ["HttpRequest"] = ["Warder.Server", "Warder.AspNetCore"],
        ["HttpResponse"] = ["Warder.Server", "Warder.AspNetCore"],
        ["IResult"] = ["Warder.Server", "Warder.AspNetCore"],
        ["RequestDelegate"] = ["Warder.Server", "Warder.AspNetCore"],
        ["StatusCodes"] = ["Warder.Server", "Warder.AspNetCore"],
        ["TypedResults"] = ["Warder.Server", "Warder.AspNetCore"],
        ["HttpStatusCode"] = ["Warder.Server", "Warder.AspNetCore", "Warder.Client", "Warder.Cli"],
        // A command and its events are an operation, and operations run without HTTP.
        ["CommandContext"] = ["Warder.Storage", "Warder.Engine"],
        ["EventData"] = ["Warder.Engine"],
        ["JsonPropertyName"] = ["Warder.Contracts", "Warder.Protocol"],
        ["JsonPropertyNameAttribute"] = ["Warder.Contracts", "Warder.Protocol"],
        ["JsonSerializable"] = ["Warder.Contracts", "Warder.Protocol"],
        ["JsonSerializerContext"] = ["Warder.Contracts", "Warder.Protocol"],
        ["SqliteConnection"] = ["Warder.Storage"],
        ["SqliteCommand"] = ["Warder.Storage"],
        ["SqliteException"] = ["Warder.Storage"],
        ["SQLitePCL"] = ["Warder.Storage"],
        ["Npgsql"] = ["Warder.Storage"],
    };

    /// <summary>The projects where <c>Node</c> is the composition of a server.</summary>
    public static readonly string[] ComposedIn = ["Warder.Engine", "Warder.Server"];

    /// <summary>The one project that may hold SQL.</summary>
    public const string SqlRoom = "Warder.Storage";

    /// <summary>The packages that ship: their public API changes on purpose only.</summary>
    public static readonly string[] Packages = [
        "Warder.AspNetCore", "Warder.Cedar", "Warder.Client", "Warder.Contracts", "Warder.Core", "Warder.Protocol",
        "Warder.Testing"];

    /// <summary>The application that restores the packed packages: in the solution, it would be restored before they are packed.</summary>
    public const string Outside = "tests/Warder.Packages/";

    // Exceptions: where → why.

    /// <summary>Files in src/ that hold a whole node: <c>src/…/File.cs</c>.</summary>
    public static readonly Dictionary<string, string> CompositionRoots = new()
    {
        ["src/Warder.Server/Hosting/WarderHost.cs"] =
            "composes a process: it starts the node, hands its parts to everything else, and stops it",
    };

    /// <summary>Files in src/ that may be longer: <c>src/…/File.cs</c>.</summary>
    public static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>Files that may have longer lines: <c>…/File.cs</c>.</summary>
    public static readonly Dictionary<string, string> LongLines = [];

    /// <summary>Methods in src/ that may be longer: <c>src/…/File.cs#Method</c>.</summary>
    public static readonly Dictionary<string, string> LongMethods = [];

    /// <summary>Folders in src/ that may hold more files: <c>src/…/Folder</c>.</summary>
    public static readonly Dictionary<string, string> CrowdedFolders = new()
    {
        ["src/Warder.Storage/Migrations"] = "one file a version of the schema, in the order of their numbers; none of them ever changes",
        ["src/Warder.Cli/Nouns"] = "one file a noun of the command line: a folder within would say nothing that the file's name does not",
    };

    /// <summary>
    /// Turns of phrase that comments of the product, its tests and its benchmarks avoid: each lets a clause omit the acting component.
    /// </summary>
    public static readonly string[] BannedTurns =
    [
        "who", "whom", "whoever", "whatever", "whichever", "nobody", "somebody", "everybody", "anybody", "told", "tells", "tell",
        "said", "says",
        "asked", "asks", "ask", "the others", "the word", "begun anew", "owe", "owed",
    ];

    /// <summary>
    /// Projects whose comments are not plain yet, <c>src/Project</c>, and files that use one of the turns as a technical term.
    /// </summary>
    public static readonly Dictionary<string, string> Unplain = [];

    /// <summary>Tests that may be skipped where their subject is absent: <c>tests/…/File.cs#Test_name</c>.</summary>
    public static readonly Dictionary<string, string> SkippedTests = new()
    {
        ["tests/Warder.Core.Tests/Verification/Tags/TokenTaggerTests.cs#Tagging_allocates_nothing"] =
            "without AES instructions the class library's own AES does the work, and that one allocates",
        ["tests/Warder.Cedar.Tests/Corpus/CorpusTests.cs#Every_request_is_decided_as_recorded"] =
            "the corpus is not ours to ship; in continuous integration it has to be there",
        ["tests/Warder.Cedar.Tests/Corpus/SchemaCorpusTests.cs#Each"] = "as above",
        ["tests/node/workos-schemas.test.mjs"] = "WorkOS' description is not ours to ship; in continuous integration it has to be there",
        ["tests/Warder.Core.Tests/Receipts/SignatureFormTests.cs"
            + "#Published_signatures_are_taken_and_refused_as_they_should_be_but_for_those_with_the_higher_s"] =
            "the test vectors are not ours to ship; in continuous integration they have to be there",
    };

    /// <summary>Uses of a name outside its room, and SQL elsewhere: <c>src/…/File.cs</c>.</summary>
    public static readonly Dictionary<string, string> OutOfRoom = [];
}
