using System.Text.Json;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Directory;

/// <summary>The metadata of organizations and users, as WorkOS changes it.</summary>
public sealed class MetadataTests
{
    [Theory]
    [InlineData("/organizations", "{\"name\":\"o\"")]
    [InlineData("/user_management/users", "{\"email\":\"m@example.com\"")]
    public async Task A_change_merges_null_removes_and_an_empty_object_clears(string path, string required)
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = (await warder.Post(path, Json(required + ""","metadata":{"a":"1","b":"2","none":null}}"""))).Is(201);
        Assert.Equal("""{"a":"1","b":"2"}""", made["metadata"]);
        async Task<string?> Put(string metadata)
        {
            (await warder.Put($"{path}/{made.Id}", Json($$"""{"metadata":{{metadata}}}"""))).Is(200);
            return (await warder.Get($"{path}/{made.Id}")).Is(200)["metadata"];
        }

        Assert.Equal("""{"a":"1","b":"3"}""", await Put("""{"b":"3"}"""));
        Assert.Equal("""{"b":"3","c":""}""", await Put("""{"a":null,"c":"","never":null}"""));
        (await warder.Put($"{path}/{made.Id}", Json(required + "}"))).Is(200);
        Assert.Equal("""{"b":"3","c":""}""", (await warder.Get($"{path}/{made.Id}"))["metadata"]);
        Assert.Equal("{}", await Put("{}"));
        Assert.Equal("""{"d":"4"}""", await Put("""{"d":"4"}"""));
        Assert.Equal("{}", await Put("null"));
    }

    [Fact]
    public async Task Pairs_are_counted_after_the_change()
    {
        await using var warder = await RunningWarder.StartAsync();
        var full = Enumerable.Range(0, 50).ToDictionary(i => $"n{i}", _ => (string?)"v");
        var id = (await warder.Post("/organizations", new { name = "o", metadata = full })).Is(201).Id;
        var refused = (await warder.Put($"/organizations/{id}", new { metadata = new { more = "x" } })).Is(422);
        Assert.Equal(["metadata: too_many"], refused.Faults);
        var others = Enumerable.Range(0, 50).SelectMany(i => new KeyValuePair<string, string?>[] { new($"n{i}", null), new($"m{i}", "w") });
        var swapped = (await warder.Put($"/organizations/{id}", new { metadata = others.ToDictionary() })).Is(200);
        Assert.Equal(50, swapped.Json.GetProperty("metadata").EnumerateObject().Count());
        var over = full.Append(new("n50", "v")).ToDictionary();
        Assert.Equal(["metadata: too_many"], (await warder.Post("/organizations", new { name = "p", metadata = over })).Is(422).Faults);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
