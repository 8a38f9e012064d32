using Warder.Cedar.Schemas;
using Warder.Cedar.Validation;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Validation;

/// <summary>Entities, contexts and requests fit a schema as in the official engine, case by case.</summary>
public sealed class ConformanceTests
{
    private const string SchemaText = """
        entity Group; entity Org enum ["o1","o2"];
        entity User in [Group] {
          age: Long, name?: String, boss?: User, flags: {a: Bool, b?: Long}, set?: Set<Long>, ents?: Set<User>, ip?: ipaddr,
          dt?: datetime, du?: duration, de?: decimal, col?: Org, act?: Action, deep?: {x: {y: ipaddr}}
        } tags String;
        entity Doc in [Org] tags Set<ipaddr>;
        action view in [all] appliesTo {
          principal: [User], resource: [Doc, Org], context: {o?: Org, act?: Action, ip?: ipaddr, u?: User, n: Long, r?: {x?: Bool}}
        };
        action all in [top]; action top; action nothing;
        """;

    private static readonly Schema Measure = Schema.Parse(SchemaText).ValueOrThrow();

    [Theory]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"foo\":1},\"parents\":[]}]",
        false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":\"x\",\"flags\":{\"a\":true}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"name\":null},\"parents\":[]}]",
        false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"boss\":{\"type\":\"User\",\"id\":\"b\"}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"boss\":{\"__entity\":{\"type\":\"User\",\"id\":\"b\"}}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"boss\":{\"type\":\"Group\",\"id\":\"b\"}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"boss\":{\"type\":\"Zzz\",\"id\":\"b\"}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"boss\":\"User::\\\"b\\\"\"},"
        + "\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"boss\":{\"type\":\"User\",\"id\":\"b\",\"x\":1}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"ip\":\"1.1.1.1\"},"
        + "\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"ip\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"1.1.1.1\"}}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"ip\":{\"fn\":\"ip\",\"arg\":\"1.1.1.1\"}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"ip\":{\"__extn\":{\"fn\":\"decimal\",\"arg\":\"1.0\"}}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"ip\":\"xx\"},\"parents\":[]}]",
        false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"ip\":1},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"ip\":{\"__extn\":{\"fn\":\"ip\",\"args\":[\"1.1.1.1\"]}}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"ip\":{\"fn\":\"ip\",\"arg\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"1.1.1.1\"}}}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"dt\":{\"__extn\":{\"fn\":\"offset\",\"args\":[{\"__extn\":{\"fn\":\"datetime\",\"arg\":\"2020-01-01\"}},"
        + "{\"__extn\":{\"fn\":\"duration\",\"arg\":\"1d\"}}]}}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"dt\":{\"fn\":\"offset\",\"args\":[{\"fn\":\"datetime\",\"arg\":\"2020-01-01\"},{\"fn\":\"duration\",\"arg\":\"1d\"}]}},"
        + "\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"dt\":{\"fn\":\"offset\",\"args\":[\"2020-01-01\",\"1d\"]}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"du\":{\"fn\":\"toTime\",\"arg\":\"2020-01-01\"}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":{\"__extn\":{\"fn\":\"toDays\","
        + "\"arg\":{\"__extn\":{\"fn\":\"duration\",\"arg\":\"1d\"}}}},\"flags\":{\"a\":true}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"ip\":{\"__extn\":{\"fn\":\"foo\",\"arg\":\"1.1.1.1\"}}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"de\":\"1.5\"},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"de\":1.5},\"parents\":[]}]",
        false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"dt\":\"2020-01-01\"},"
        + "\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"du\":\"1d\"},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"set\":[1,2]},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"set\":[1,\"x\"]},"
        + "\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"set\":1},\"parents\":[]}]",
        false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"set\":[]},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"ents\":[{\"type\":\"User\",\"id\":\"x\"},{\"__entity\":{\"type\":\"User\",\"id\":\"y\"}}]},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"ents\":[{\"type\":\"Group\",\"id\":\"x\"}]},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true,\"c\":1}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"b\":1}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":[]},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,"
        + "\"flags\":{\"__entity\":{\"type\":\"User\",\"id\":\"x\"}}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"deep\":{\"x\":{\"y\":\"::1\"}}},"
        + "\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"deep\":{\"x\":{\"y\":{}}}},"
        + "\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"col\":{\"type\":\"Org\",\"id\":\"o1\"}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"col\":{\"type\":\"Org\",\"id\":\"zz\"}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"act\":{\"type\":\"Action\",\"id\":\"view\"}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"act\":{\"type\":\"Action\",\"id\":\"zzz\"}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},"
        + "\"parents\":[{\"type\":\"Group\",\"id\":\"g\"}]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},"
        + "\"parents\":[{\"type\":\"Doc\",\"id\":\"g\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},"
        + "\"parents\":[{\"type\":\"User\",\"id\":\"g\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},"
        + "\"parents\":[{\"type\":\"Zzz\",\"id\":\"g\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},"
        + "\"parents\":[{\"__entity\":{\"type\":\"Group\",\"id\":\"g\"}}]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},\"parents\":[],"
        + "\"tags\":{\"x\":\"y\"}}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},\"parents\":[],"
        + "\"tags\":{\"x\":1}}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Doc\",\"id\":\"d\"},\"attrs\":{},\"parents\":[],"
        + "\"tags\":{\"x\":[\"1.1.1.1\",{\"fn\":\"ip\",\"arg\":\"::1\"}]}}]")]
    [InlineData("[{\"uid\":{\"type\":\"Group\",\"id\":\"d\"},\"attrs\":{},\"parents\":[],\"tags\":{\"x\":1}}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Group\",\"id\":\"d\"},\"attrs\":{},\"parents\":[],\"tags\":{}}]")]
    [InlineData("[{\"uid\":{\"type\":\"Zzz\",\"id\":\"d\"},\"attrs\":{},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Org\",\"id\":\"o1\"},\"attrs\":{},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"Org\",\"id\":\"d\"},\"attrs\":{},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Org\",\"id\":\"o1\"},\"attrs\":{\"x\":1},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Org\",\"id\":\"o1\"},\"attrs\":{},\"parents\":[{\"type\":\"Group\",\"id\":\"x\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Org\",\"id\":\"o1\"},\"attrs\":{},\"parents\":[],\"tags\":{\"x\":1}}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Doc\",\"id\":\"d\"},\"attrs\":{},\"parents\":[{\"type\":\"Org\",\"id\":\"zz\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Doc\",\"id\":\"d\"},\"attrs\":{},\"parents\":[{\"type\":\"Org\",\"id\":\"o1\"}]}]")]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},\"parents\":[{\"type\":\"Action\",\"id\":\"all\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},"
        + "\"parents\":[{\"type\":\"Action\",\"id\":\"all\"},{\"type\":\"Action\",\"id\":\"top\"}]}]")]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},\"parents\":[{\"type\":\"Action\",\"id\":\"top\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},\"parents\":[{\"type\":\"Action\",\"id\":\"all\"}]},"
        + "{\"uid\":{\"type\":\"Action\",\"id\":\"all\"},\"attrs\":{},\"parents\":[{\"type\":\"Action\",\"id\":\"top\"}]}]")]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},\"parents\":[{\"type\":\"Action\",\"id\":\"all\"}]},"
        + "{\"uid\":{\"type\":\"Action\",\"id\":\"all\"},\"attrs\":{},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},\"parents\":[{\"type\":\"Action\",\"id\":\"nothing\"}]}]",
        false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"zzz\"},\"attrs\":{},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{\"x\":1},\"parents\":[{\"type\":\"Action\",\"id\":\"all\"}]}]",
        false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},\"tags\":{\"x\":\"1\"},"
        + "\"parents\":[{\"type\":\"Action\",\"id\":\"all\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"view\"},\"attrs\":{},\"parents\":[{\"type\":\"User\",\"id\":\"all\"}]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"nothing\"},\"attrs\":{},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"__entity\":{\"type\":\"User\",\"id\":\"a\"}},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},\"parents\":[]},"
        + "{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},\"parents\":[]},"
        + "{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},\"name\":\"x\"},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Doc\",\"id\":\"a\"},\"attrs\":{}}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Doc\",\"id\":\"a\"},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"Doc\",\"id\":\"a\"},\"attrs\":{},\"parents\":[],\"foo\":1}]")]
    [InlineData("[{\"uid\":{\"type\":\"Doc\",\"id\":\"a\"},\"attrs\":{},\"parents\":[{\"type\":\"Doc\",\"id\":\"a\"}]}]", false)]
    [InlineData("[{\"uid\":\"User::\\\"a\\\"\",\"attrs\":{\"age\":1,\"flags\":{\"a\":true}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"N::Action\",\"id\":\"a\"},\"attrs\":{},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,"
        + "\"flags\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"1.1.1.1\"}}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"name\":{\"__expr\":\"\\\"x\\\"\"}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"boss\":{\"__expr\":\"User::\\\"x\\\"\"}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1e+30,\"flags\":{\"a\":true}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":true},"
        + "\"name\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"1.1.1.1\"}}},\"parents\":[]}]", false)]
    [InlineData("[{\"uid\":{\"type\":\"User\",\"id\":\"a\"},\"attrs\":{\"age\":1,\"flags\":{\"a\":\"true\"}},\"parents\":[]}]", false)]
    public void Entities(string json, bool isAccepted = true)
    {
        var entities = Measure.ParseEntities(json);

        Assert.True(isAccepted == entities.Succeeded, string.Join('\n', entities.Diagnostics));
        Assert.Equal(isAccepted, entities.Diagnostics.Count == 0);
        if (!entities.Succeeded)
            return;
        Assert.All(entities.Value, entity => Assert.True(Validator.Validate(entity, Measure).IsValid));
        Assert.True(entities.Value.IsIn(new EntityUid("Action", "view"), new EntityUid("Action", "top")));
    }

    [Theory]
    [InlineData("{\"n\":1}")]
    [InlineData("{}", false)]
    [InlineData("{\"n\":1,\"z\":1}", false)]
    [InlineData("{\"n\":1,\"ip\":\"::1\"}")]
    [InlineData("{\"n\":1,\"ip\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"::1\"}}}")]
    [InlineData("{\"n\":1,\"ip\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"::1\"},\"more\":1}}")]
    [InlineData("{\"n\":1,\"ip\":{\"__expr\":\"1\",\"fn\":\"ip\",\"arg\":\"::1\"}}", false)]
    [InlineData("{\"n\":1,\"ip\":{\"__extn\":{\"fn\":1},\"fn\":\"ip\",\"arg\":\"::1\"}}")]
    [InlineData("{\"n\":1,\"ip\":{\"fn\":\"ip\",\"arg\":\"::1\",\"more\":1.5}}")]
    [InlineData("{\"n\":1,\"ip\":{\"fn\":\"ip\",\"arg\":1.5,\"args\":[\"::1\"]}}")]
    [InlineData("{\"n\":1,\"ip\":{\"fn\":\"ip\",\"arg\":null,\"args\":[\"::1\"]}}", false)]
    [InlineData("{\"n\":{\"__extn\":{\"fn\":\"toDays\",\"args\":[{\"__extn\":{\"fn\":\"duration\",\"arg\":\"1d\",\"more\":1.5}}]}}}",
        false)]
    [InlineData("{\"n\":1,\"u\":{\"__entity\":{\"type\":\"User\",\"id\":\"x\"},\"more\":1}}")]
    [InlineData("{\"n\":1,\"u\":[\"User\",\"x\"]}")]
    [InlineData("{\"n\":1,\"u\":[\"User\"]}", false)]
    [InlineData("{\"n\":\"1\"}", false)]
    [InlineData("{\"n\":1,\"u\":{\"type\":\"User\",\"id\":\"x\"}}")]
    [InlineData("{\"n\":1,\"u\":{\"type\":\"Zzz\",\"id\":\"x\"}}", false)]
    [InlineData("{\"n\":1,\"r\":{\"x\":true}}")]
    [InlineData("{\"n\":1,\"r\":{\"y\":true}}", false)]
    [InlineData("{\"n\":null}", false)]
    [InlineData("{\"n\":1,\"u\":{\"type\":\"Org\",\"id\":\"o1\"}}", false)]
    [InlineData("{\"n\":1,\"o\":{\"type\":\"Org\",\"id\":\"o1\"}}")]
    [InlineData("{\"n\":1,\"o\":{\"type\":\"Org\",\"id\":\"zz\"}}", false)]
    [InlineData("{\"n\":1,\"act\":{\"type\":\"Action\",\"id\":\"all\"}}")]
    [InlineData("{\"n\":1,\"act\":{\"type\":\"Action\",\"id\":\"zzz\"}}", false)]
    public void Contexts(string json, bool isAccepted = true)
    {
        var context = Measure.ParseContext(new EntityUid("Action", "view"), json);

        Assert.True(isAccepted == context.Succeeded, string.Join('\n', context.Diagnostics));
        Assert.Equal(isAccepted, context.Diagnostics.Count == 0);
    }

    [Theory]
    [InlineData("User|u", "Action|view", "Doc|d", "{\"n\":1}")]
    [InlineData("Doc|d", "Action|view", "Doc|d", "{\"n\":1}", false)]
    [InlineData("User|u", "Action|view", "User|u", "{\"n\":1}", false)]
    [InlineData("User|u", "Action|zzz", "Doc|d", "{\"n\":1}", false)]
    [InlineData("User|u", "Action|nothing", "Doc|d", "{}", false)]
    [InlineData("Zzz|x", "Action|view", "Doc|d", "{\"n\":1}", false)]
    [InlineData("User|u", "Action|view", "Org|o1", "{\"n\":1}")]
    [InlineData("User|u", "Action|view", "Org|zz", "{\"n\":1}", false)]
    [InlineData("User|u", "Action|view", "Doc|d", "{}", false)]
    [InlineData("User|u", "Action|view", "Doc|d", "{\"n\":\"x\"}", false)]
    [InlineData("User|u", "Action|view", "Doc|d", "{\"n\":1,\"u\":{\"type\":\"User\",\"id\":\"x\"}}")]
    [InlineData("User|u", "User|u", "Doc|d", "{\"n\":1}", false)]
    [InlineData("Action|view", "Action|view", "Doc|d", "{\"n\":1}", false)]
    [InlineData("User|u", "Action|view", "Doc|d", "{\"n\":1,\"o\":{\"type\":\"Org\",\"id\":\"zz\"}}", false)]
    [InlineData("User|u", "Action|view", "Doc|d", "{\"n\":1,\"act\":{\"type\":\"Action\",\"id\":\"zzz\"}}", false)]
    public void Requests(string principal, string action, string resource, string context, bool isAccepted = true)
    {
        // Without the schema, only escaped values are read; the refusal of these needs no schema.
        var values = Measure.ParseContext(Uid(action), context) is { Succeeded: true } read
            ? read.Value
            : CedarRecord.ParseJson(context).ValueOrThrow();

        var result = Validator.Validate(new Request(Uid(principal), Uid(action), Uid(resource), values), Measure);

        Assert.True(isAccepted == result.IsValid, string.Join('\n', result.Errors));

        static EntityUid Uid(string text) => new(text.Split('|')[0], text.Split('|')[1]);
    }
}
