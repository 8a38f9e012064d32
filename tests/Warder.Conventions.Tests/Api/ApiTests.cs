using System.Reflection;
using System.Text.Json.Serialization;
using Warder.Conventions.Tests.Rules;

namespace Warder.Conventions.Tests.Api;

public sealed class ApiTests
{
    private const string Folder = "tests/Warder.Conventions.Tests/Approved";

    public static TheoryData<string> Packages => [.. Agreed.Packages];

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_API_is_the_approved_one(string package)
    {
        var path = $"{Folder}/{package}.txt";
        var actual = ApiText.Of(Assembly.Load(package));
        if (Environment.GetEnvironmentVariable("WARDER_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(Checkout.Root, path), actual);
        }
        else
        {
            var found = Compare(path, Checkout.Find(path)?.Text ?? "", actual);
            if (found.Count > 0)
                found.Insert(0, new Violation(path, "meant so? WARDER_APPROVE=1 ./test conventions, and commit the file"));
            Keep.Rule(found);
        }
    }

    [Fact]
    public void Every_approved_file_is_a_package_s()
    {
        var approved = Directory.GetFiles(Path.Combine(Checkout.Root, Folder)).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(Agreed.Packages.Order(StringComparer.Ordinal), approved.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_text_shows_all_that_a_caller_can_see_and_nothing_else()
        => Assert.Equal(
            """
            public enum Warder.Conventions.Tests.Api.ApiTests.Colour : byte
                Red = 0
                Blue = 7

            public sealed record Warder.Conventions.Tests.Api.ApiTests.Pair : IEquatable<ApiTests.Pair>
                Pair(int Left, string? Right)
                int Left { get; init; }
                string? Right { get; init; }

            public abstract class Warder.Conventions.Tests.Api.ApiTests.Planted<T> : IDisposable where T : class, new()
                ApiTests.Planted<T> Count(ref int count, out string? text)
                [JsonPropertyName("given_name")] required string? Name { get; init; }
                [Obsolete("Gone soon.")] static bool TryRead(string text, int limit = 10, CancellationToken cancellation = default)
                const int Limit = 3
                int Size { get; set; }
                override string ToString()
                protected Planted(IReadOnlyList<string?> names)
                protected abstract Task<T> ReadAsync<TItem>(Dictionary<string, TItem[]> map) where TItem : struct
                static readonly long? Since
                virtual void Dispose()

            """,
            ApiText.Of([typeof(Planted<>), typeof(Pair), typeof(Colour)]));

    [Fact]
    public void A_changed_member_is_found()
    {
        const string Approved = "public class N.A\n    void Gone()\n    void Kept()\n";
        const string Actual = "public class N.A\n    void Kept()\n    void New()\n";
        var found = Compare("a.txt", Approved, Actual);

        Assert.Equal(["approved, and gone: A { void Gone() }", "not approved: A { void New() }"], found.ConvertAll(it => it.What));
    }

    [Fact]
    public void A_member_that_moves_to_another_type_is_found()
    {
        const string Approved = "public class N.A\n    void M()\n\npublic class N.B\n";
        const string Actual = "public class N.A\n\npublic class N.B\n    void M()\n";
        var found = Compare("a.txt", Approved, Actual);

        Assert.Equal(["approved, and gone: A { void M() }", "not approved: B { void M() }"], found.ConvertAll(it => it.What));
    }

    [Fact]
    public void How_a_member_is_serialised_is_part_of_it()
    {
        var text = ApiText.Of([typeof(Told)]);

        Assert.Contains("[JsonIgnore(Condition = 3)] string? Quiet { get; init; }", text, StringComparison.Ordinal);
        Assert.Contains("    [JsonIgnore] string? Silent { get; init; }", text, StringComparison.Ordinal);
    }

    private static List<Violation> Compare(string path, string approved, string actual)
    {
        var (before, after) = (Qualified(approved), Qualified(actual));
        var found = before.Except(after).Select(line => new Violation(path, $"approved, and gone: {line}"))
            .Concat(after.Except(before).Select(line => new Violation(path, $"not approved: {line}"))).ToList();
        if (found.Count == 0 && approved != actual)
            found.Add(new Violation(path, "the same lines stand in another order"));
        return found;
    }

    // Each member's line with its type's: the same member may be one of many types.
    private static List<string> Qualified(string text)
    {
        var type = "";
        var lines = new List<string>();
        foreach (var line in text.Split('\n').Where(line => line.Length > 0))
        {
            var isMember = line.StartsWith(' ');
            lines.Add(isMember ? $"{type} {{ {line.Trim()} }}" : line);
            type = isMember ? type : line.Split(" : ")[0].Split(" where ")[0].Split('.')[^1];
        }

        return lines;
    }

    public enum Colour : byte
    {
        Red,
        Blue = 7,
    }

    public sealed class Told
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Quiet { get; init; }

        [JsonIgnore]
        public string? Silent { get; init; }
    }

    public sealed record Pair(int Left, string? Right);

    public abstract class Planted<T> : IDisposable
        where T : class, new()
    {
        public const int Limit = 3;
        public static readonly long? Since = 1;
        internal int hidden;

        protected Planted(IReadOnlyList<string?> names) => hidden = names.Count;

        private protected Planted() => hidden = 0;

        [JsonPropertyName("given_name")]
        public required string? Name { get; init; }

        public int Size { get; set; }

        [Obsolete("Gone soon.")]
        public static bool TryRead(string text, int limit = 10, CancellationToken cancellation = default) => text.Length > limit;

        public Planted<T> Count(ref int count, out string? text)
        {
            text = null;
            count++;
            return this;
        }

        public virtual void Dispose() => GC.SuppressFinalize(this);

        public override string ToString() => "";

        protected abstract Task<T?> ReadAsync<TItem>(Dictionary<string, TItem[]> map)
            where TItem : struct;
    }
}
