using Warder.Conventions.Tests.Rules;
using static Warder.Conventions.Tests.Planted;

namespace Warder.Conventions.Tests;

public sealed class RoomTests
{
    [Fact]
    public void Time_and_randomness_are_arguments() => Keep.Rule(RoomRules.Ambient(Checkout.Sources, Agreed.AmbientHomes));

    [Fact]
    public void The_ban_on_ambient_time_is_lifted_in_its_homes_only()
        => Keep.Rule(RoomRules.AmbientBan(Checkout.Find(".editorconfig")!, Agreed.AmbientHomes));

    [Fact]
    public void SQL_stands_in_one_project() => Keep.Rule(RoomRules.Sql(Checkout.Sources, Agreed.SqlRoom));

    [Fact]
    public void Names_of_HTTP_JSON_and_the_database_stay_in_their_rooms()
        => Keep.Rule(RoomRules.Names(Checkout.Sources, Agreed.Rooms), Agreed.OutOfRoom);

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = System.DateTimeOffset.Now;")]
    [InlineData("var now = System.DateTime.Today;")]
    [InlineData("var clock = TimeProvider.System;")]
    [InlineData("var since = Stopwatch.GetTimestamp();")]
    [InlineData("System.Diagnostics.Stopwatch watch = null;")]
    [InlineData("var ticks = Environment.TickCount64;")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("Func<Guid> ids = Guid.CreateVersion7;")]
    [InlineData("var random = new Random(1);")]
    [InlineData("var n = Random.Shared.Next();")]
    [InlineData("RandomNumberGenerator.Fill(bytes);")]
    [InlineData("var path = Path.GetRandomFileName();")]
    [InlineData("#pragma warning disable RS0030")]
    public void An_ambient_clock_or_randomness_is_found(string code)
    {
        SourceFile[] sources = [File("src/Warder.Core/Time/Other.cs", code), File(Agreed.AmbientHomes[0], code)];
        var found = RoomRules.Ambient(sources, Agreed.AmbientHomes);

        Assert.Equal(["src/Warder.Core/Time/Other.cs"], Places(found));
    }

    [Theory]
    [InlineData("var now = clock.Now(); // not DateTime.UtcNow")]
    [InlineData("var text = \"DateTime.UtcNow\";")]
    [InlineData("var part = scheme.Random;")]
    [InlineData("var name = Environment.MachineName; DateTime time = default; var id = new Guid(bytes);")]
    public void What_only_looks_ambient_is_let_be(string code)
        => Assert.Empty(RoomRules.Ambient([File("src/Warder.Core/Keys/Key.cs", code)], Agreed.AmbientHomes));

    [Fact]
    public void A_lifted_ban_is_found()
    {
        const string Lifted = "dotnet_diagnostic.RS0030.severity = none\n";
        const string Home = "[src/Warder.Core/Time/Clock.cs]\n" + Lifted;

        Assert.Empty(RoomRules.AmbientBan(File(".editorconfig", Home), Agreed.AmbientHomes));
        Assert.Single(RoomRules.AmbientBan(File(".editorconfig", Home + "[*.cs]\n" + Lifted), Agreed.AmbientHomes));
    }

    [Theory]
    [InlineData("var sql = \"SELECT id FROM keys\";")]
    [InlineData("var sql = $\"INSERT INTO {table} VALUES (1)\";")]
    [InlineData("var sql = \"UPDATE keys SET a = 1\"u8;")]
    [InlineData("var sql = \"\"\"\n    DELETE FROM keys\n    \"\"\";")]
    [InlineData("var sql = @\"CREATE TABLE keys (id TEXT)\";")]
    [InlineData("var sql = \"PRAGMA journal_mode\";")]
    public void SQL_elsewhere_is_found(string code)
    {
        SourceFile[] sources = [File("src/Warder.Server/Keys/Keys.cs", code), File("src/Warder.Storage/Keys/Keys.cs", code)];

        Assert.Equal(["src/Warder.Server/Keys/Keys.cs"], Places(RoomRules.Sql(sources, Agreed.SqlRoom)));
    }

    [Fact]
    public void A_file_of_SQL_elsewhere_is_found()
    {
        SourceFile[] sources = [File("src/Warder.Server/Migrations/1.sql"), File("src/Warder.Storage/Migrations/1.sql")];

        Assert.Equal(["src/Warder.Server/Migrations/1.sql"], Places(RoomRules.Sql(sources, Agreed.SqlRoom)));
    }

    [Fact]
    public void Prose_is_not_SQL()
    {
        var source = File("src/Warder.Cli/Commands/Keys.cs", "var help = \"Select the keys to delete from the list.\"; // SELECT 1");

        Assert.Empty(RoomRules.Sql([source], Agreed.SqlRoom));
    }

    [Theory]
    [InlineData("void M(HttpContext context) { }", "Warder.Core", "Warder.Server")]
    [InlineData("IResult M() => null;", "Warder.Client", "Warder.Server")]
    [InlineData("var status = StatusCodes.Status404NotFound;", "Warder.Storage", "Warder.AspNetCore")]
    [InlineData("var status = HttpStatusCode.NotFound;", "Warder.Storage", "Warder.Client")]
    [InlineData("class C { [JsonPropertyName(\"a\")] int A; }", "Warder.Server", "Warder.Contracts")]
    [InlineData("class C : System.Text.Json.Serialization.JsonSerializerContext;", "Warder.Client", "Warder.Contracts")]
    [InlineData("using var connection = new SqliteConnection(text);", "Warder.Server", "Warder.Storage")]
    [InlineData("using Npgsql;", "Warder.Cli", "Warder.Storage")]
    public void A_name_outside_its_room_is_found(string code, string elsewhere, string home)
    {
        SourceFile[] sources = [File($"src/{elsewhere}/Keys/Key.cs", code), File($"src/{home}/Keys/Key.cs", code)];

        Assert.Equal([$"src/{elsewhere}/Keys/Key.cs"], Places(RoomRules.Names(sources, Agreed.Rooms)));
    }
}
