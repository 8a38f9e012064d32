using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Costs;

/// <summary>Holds a request and entities whose values maximize the cost of an operation.</summary>
internal static class HostileWorld
{
    private const int Long = 4_000_000;
    private const int Many = 100_000;
    private const int Levels = 60;

    public static readonly EntityUid Alice = new("User", "alice");
    public static readonly EntityUid View = new("Action", "view");
    public static readonly string LongText = new('a', Long);

    // Numbers and addresses whose halves cancel one another out in the class library's hashes.
    private static readonly Value[] AlikeNumbers = [.. Enumerable.Range(1, Many).Select(it => (Value)(it * ((1L << 32) + 1)))];

    private static readonly Value[] AlikeAddresses =
        [.. Enumerable.Range(1, Many).Select(it => (Value)Address($"{it >> 16:x}:{it & 0xffff:x}:{it >> 16:x}:{it & 0xffff:x}:0:0:0:1"))];

    public static Request Request { get; } = new(Alice, View, new EntityUid("Album", LongText), Context());

    public static Cedar.Entities Entities { get; } = Cedar.Entities.Create(All()).ValueOrThrow();

    /// <summary>The same entities, from a source that does not know their ancestors.</summary>
    public static EntitySource Elsewhere { get; } = new Unclosed(All().ToDictionary(entity => entity.Uid));

    public static IReadOnlyList<Value[]> Alike { get; } = [AlikeNumbers, AlikeAddresses];

    public static CedarIp Address(string text)
        => CedarIp.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    private static CedarRecord Context()
    {
        var groups = Enumerable.Range(0, Many).Select(it => (Value)new EntityUid("Group", $"{it}")).ToArray();
        return CedarRecord.Create(new Dictionary<string, Value>
        {
            ["text"] = Copy(""), ["same"] = Copy(""), ["other"] = $"{LongText[1..]}b", ["zeros"] = new string('0', Long),
            ["colons"] = new string(':', Long),
            ["points"] = new string('.', Long), ["digits"] = $"{new string('0', Long)}1", ["days"] = $"{new string('0', Long)}d",
            ["many"] = Texts(""), ["manySame"] = Texts(""), ["manyOther"] = Texts("x"), ["few"] = LongTexts(), ["fewSame"] = LongTexts(),
            ["one"] = CedarSet.Create([Copy("c")]),
            ["numbers"] = CedarSet.Create(AlikeNumbers), ["numbersSame"] = CedarSet.Create(AlikeNumbers),
            ["addresses"] = CedarSet.Create(AlikeAddresses),
            ["wide"] = Wide(0), ["wideSame"] = Wide(0), ["wideOther"] = Wide(1), ["records"] = Records(), ["recordsSame"] = Records(),
            ["deep"] = Deep(0), ["deepSame"] = Deep(0), ["deepOther"] = Deep(1),
            ["entity"] = new EntityUid("Album", Copy("x")), ["entitySame"] = new EntityUid("Album", Copy("x")),
            ["groups"] = CedarSet.Create(groups),
            ["outside"] = CedarSet.Create([.. Enumerable.Range(Many, Many).Select(it => (Value)new EntityUid("Group", $"{it}"))]),
            ["sets"] = CedarSet.Create([.. Enumerable.Range(0, Many).Select(it => (Value)CedarSet.Create([(long)it]))]),
            ["ip"] = Address("10.0.0.1"), ["range"] = Address("10.0.0.0/8"), ["moment"] = new CedarDateTime(1),
            ["duration"] = new CedarDuration(1), ["decimal"] = new CedarDecimal(1),
            ["number"] = 1, ["yes"] = true, ["repeated"] = string.Concat(Enumerable.Repeat("ab", Long / 8)),
        });
    }

    // Another string with the same text, so that a comparison reads both.
    private static string Copy(string end) => new string([.. LongText, .. end]);

    private static CedarSet Texts(string end)
        => CedarSet.Create(
            [.. Enumerable.Range(0, Many).Select(it => (Value)$"{new string('a', 40)}{it:d6}{(it == Many - 1 ? end : "")}")]);

    private static CedarSet LongTexts() => CedarSet.Create([.. "12345678".Select(end => (Value)(LongText[..(Long / 8)] + end))]);

    private static CedarRecord Wide(long last)
        => CedarRecord.Create(
            [.. Enumerable.Range(0, Many).Select(
                it => KeyValuePair.Create($"{new string('n', 30)}{it:d6}", (Value)(it == Many - 1 ? last : 0)))]);

    private static CedarSet Records()
        => CedarSet.Create(
            [.. Enumerable.Range(0, 8).Select(
                last => (Value)CedarRecord.Create(
                    [.. Enumerable.Range(0, 5_000).Select(it => KeyValuePair.Create($"f{it:d4}", (Value)(it == 4_999 ? last : 0)))]))]);

    private static Value Deep(long innermost)
    {
        Value value = innermost;
        for (var level = 0; level < Levels; level++)
            value = CedarRecord.Create(KeyValuePair.Create("a", value), KeyValuePair.Create("b", (Value)CedarSet.Create([level])));
        return value;
    }

    private static IEnumerable<Entity> All()
    {
        // Each entity is in all above it.
        var tags = CedarRecord.Create(
            [.. Enumerable.Range(0, Many).Select(it => KeyValuePair.Create($"{new string('t', 30)}{it:d6}", Value.True)),
                KeyValuePair.Create($"{LongText[1..]}b", Value.True)]);
        yield return new Entity(Alice, Wide(0), Enumerable.Range(0, Many).Select(it => new EntityUid("Group", $"{it}")), tags);
        yield return new Entity(
            new EntityUid("Album", Copy("x")), CedarRecord.Create(KeyValuePair.Create("a", Value.True)),
            [new EntityUid("Album", LongText)], FewTags());
        yield return new Entity(View, null, Enumerable.Range(0, 1_000).Select(it => new EntityUid("Action", $"{it}")));
    }

    private static CedarRecord FewTags()
        => CedarRecord.Create([.. "1234567".Select(end => KeyValuePair.Create(LongText[1..] + end, Value.True))]);

    private sealed class Unclosed(Dictionary<EntityUid, Entity> entities) : EntitySource
    {
        public override Entity? Find(EntityUid uid) => entities.GetValueOrDefault(uid);
    }
}
