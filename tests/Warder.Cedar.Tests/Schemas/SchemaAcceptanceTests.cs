using System.Text.Json.Nodes;
using Warder.Cedar.Schemas;

namespace Warder.Cedar.Tests.Schemas;

/// <summary>Schemas in either form are accepted or refused as by the official engine, case by case.</summary>
public sealed class SchemaAcceptanceTests
{
    [Theory]
    [InlineData("entity A, B in [C] = {a: Long, \"b c\"?: String,} tags Set<String>; entity C;")]
    [InlineData("entity A {a: Long};")]
    [InlineData("entity A in C; entity C;")]
    [InlineData("entity A in [];")]
    [InlineData("entity entity; entity type; entity namespace; entity action; entity tags; entity enum; entity appliesTo; entity principal;"
        + " entity context; entity Long;")]
    [InlineData("entity Set;")]
    [InlineData("entity A enum [\"x\", \"y\"];")]
    [InlineData("entity A enum [\"x\",\"x\"];")]
    [InlineData("entity A, B enum [\"x\"];")]
    [InlineData("type decimal = String; entity A {d: decimal, e: __cedar::decimal};")]
    [InlineData("type ipaddr = Long;")]
    [InlineData("type T = A; entity A {t: T};")]
    [InlineData("entity A; action a, \"b c\" appliesTo { principal: A, resource: [A], context: {x: Long} };")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: [A] };")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: [A], };")]
    [InlineData("entity A; action a appliesTo { resource: A, principal: A };")]
    [InlineData("type C = {}; entity A; action a appliesTo { principal: A, resource: A, context: C };")]
    [InlineData("action a in b; action b;")]
    [InlineData("action a in [b, \"c\", Action::\"d\"]; action b; action c; action d;")]
    [InlineData("action a in \"b\"; action b;")]
    [InlineData("action a in Action::\"b\"; action b;")]
    [InlineData("action a attributes {};")]
    [InlineData("namespace N { entity A; action a in N::Action::\"b\"; action b; }")]
    [InlineData("namespace N { entity A; action a in Action::\"b\"; action b; }")]
    [InlineData("namespace N { action a in Action::\"b\"; } action b;")]
    [InlineData("namespace N { action a in M::Action::\"b\"; } namespace M { action b; }")]
    [InlineData("namespace N::M { entity A; entity B in N::M::A; entity C in A; }")]
    [InlineData("namespace Action { entity A; }")]
    [InlineData("namespace N { }")]
    [InlineData("@a namespace N { @b(\"x\") entity A { @c(\"y\") x: Long }; @d type T = Long; @e action a; }")]
    [InlineData("@a entity A, B;")]
    [InlineData("@a(\"x\") type T = {@b x: {@c y: Long}};")]
    [InlineData("entity A { x: {} , y: Set<Set<{a: Long}>>, x: Long};")]
    [InlineData("entity A { x: Long, \"x\": Long};")]
    [InlineData("entity A tags {};")]
    [InlineData("entity A {} tags A;")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: {a: Action} };")]
    [InlineData("// c")]
    [InlineData("action \"if\", \"in\";")]
    [InlineData("action permit, appliesTo, in2;")]
    [InlineData("entity A { \"if\": Long, \"\": Long, permit?: Long};")]
    [InlineData("entity A { a: Action }; action x;")]
    [InlineData("namespace N { entity A { a: Action }; } action x;")]
    [InlineData("namespace N { entity A { a: Action }; action y; }")]
    [InlineData("namespace N { entity A { a: N::Action, b: Action }; action y; }")]
    [InlineData("namespace N { entity A { a: Action }; action y; } action x;")]
    [InlineData("entity A { a: __cedar::Long, b: __cedar::ipaddr, c: ipaddr, d: datetime, e: duration, g: Bool, h:__cedar::Bool };")]
    [InlineData("namespace N { entity Foo; entity B {x: Foo, y: N::Foo}; } namespace M { entity C { z: N::Foo}; entity Foo; }")]
    [InlineData("namespace N { entity String; entity B {x: String, y: __cedar::String}; }")]
    [InlineData("entity String; namespace N { entity B {x: String}; }")]
    [InlineData("namespace N { type ipaddr = Long; } type decimal = Long;")]
    [InlineData("entity A in A;")]
    [InlineData("entity A in B; entity B in A;")]
    [InlineData("entity A in [B, B]; entity B;")]
    [InlineData("entity A in E; entity E enum [\"x\"];")]
    [InlineData("entity A; action a appliesTo { principal: [A, A], resource: A };")]
    [InlineData("entity A; type T = {a: Long}; type U = T; action a appliesTo { principal: A, resource: A, context: U };")]
    [InlineData("namespace N { type T = {a: Long}; } entity A; action a appliesTo { principal: A, resource: A, context: N::T };")]
    [InlineData("entity A = {} tags Long;")]
    [InlineData("@a entity A {@a x: Long};")]
    [InlineData("@if(\"x\") @in entity A;")]
    [InlineData("entity A { a: {b: Set<A>} };")]
    [InlineData("entity Foo { x: type , y: entity }; type type = Long; entity entity;")]
    [InlineData("type A = Set<{\"a b\": Long, c?: Bool,}>;")]
    [InlineData("action \"a\\nb\\u{1F600}\";")]
    [InlineData("namespace A { } namespace A::B { } namespace A::B::C {type T = Long;}")]
    [InlineData("entity A { x: N::T }; namespace N { type T = Long; }")]
    [InlineData("entity Long { x: Long, y: __cedar::Long };")]
    [InlineData("entity Bool; entity Entity; entity Record; entity Extension; entity Boolean;")]
    [InlineData("type Boolea = Long; entity A {x: Boolea};")]
    [InlineData("entity A { a : Long, @x(\"1\") @y b : Long };")]
    [InlineData("entity A { a: Set<Set<Set<Long>>> } tags Set<{a?: Set<A>}>;")]
    [InlineData("entity A{a:Long,b?:Set<Long>}tags Long;type T={};action a appliesTo{principal:A,resource:A};")]
    [InlineData("namespace N{entity A;}action a appliesTo{principal:N::A,resource:[N::A]};")]
    [InlineData("@x @y(\"z\") namespace N { }")]
    [InlineData("entity A { @x a: Long, @y(\"q\") @z \"b\": Long };")]
    [InlineData("action \"a b\", c in [\"d e\", Action::\"f\"] appliesTo { resource: [A], context: {a?: Set<A>}, principal: A, };"
        + " action \"d e\", f; entity A;")]
    [InlineData("action a appliesTo { principal: A, resource: A, context: {}, } attributes {}; entity A;")]
    [InlineData("type T = A::B; namespace A { type B = C; type C = Long; }")]
    [InlineData("type T = A::B; namespace A { entity B { t: T }; }")]
    [InlineData("namespace N { action x in y; action z in \"y\"; } action y;")]
    [InlineData("entity in;", false)]
    [InlineData("entity if;", false)]
    [InlineData("entity __cedar;", false)]
    [InlineData("entity Action;", false)]
    [InlineData("entity A enum [\"x\", \"y\",];", false)]
    [InlineData("entity A enum [];", false)]
    [InlineData("entity A; entity A;", false)]
    [InlineData("entity A, A;", false)]
    [InlineData("type T = Long; type T = String;", false)]
    [InlineData("type Long = String;", false)]
    [InlineData("type Bool = String;", false)]
    [InlineData("type Entity = Long;", false)]
    [InlineData("type Set = Long;", false)]
    [InlineData("type Record = Long;", false)]
    [InlineData("type Extension = Long;", false)]
    [InlineData("type T = T;", false)]
    [InlineData("type T = Set<U>; type U = {a: T};", false)]
    [InlineData("entity A {a: A, b?: Unknown};", false)]
    [InlineData("entity A; action a appliesTo { principal: [], resource: [A] };", false)]
    [InlineData("entity A; action a appliesTo { principal: A };", false)]
    [InlineData("entity A; action a appliesTo { principal: A, principal: A, resource: A };", false)]
    [InlineData("entity A; action a appliesTo { };", false)]
    [InlineData("entity A; action a appliesTo { context: {} };", false)]
    [InlineData("type C = Long; entity A; action a appliesTo { principal: A, resource: A, context: C };", false)]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: A };", false)]
    [InlineData("action a in a;", false)]
    [InlineData("action a in b; action b in a;", false)]
    [InlineData("action a in [b];", false)]
    [InlineData("action a; action a;", false)]
    [InlineData("action a, a;", false)]
    [InlineData("action a attributes {x: Long};", false)]
    [InlineData("action if; action in; action permit;", false)]
    [InlineData("action a in [];", false)]
    [InlineData("namespace N { action b; action a in Action::\"b\"; } action b;", false)]
    [InlineData("namespace N { entity A; } entity A;", false)]
    [InlineData("namespace N { type A = Long; } entity A;", false)]
    [InlineData("namespace N { entity A; } namespace N { entity B; }", false)]
    [InlineData("namespace N {} namespace N {}", false)]
    [InlineData("namespace N { namespace M { } }", false)]
    [InlineData("namespace __cedar { }", false)]
    [InlineData("namespace N::__cedar { }", false)]
    [InlineData("@a(\"1\") @a(\"2\") entity A;", false)]
    [InlineData("entity A { if: Long, \"\": Long, in?: Long};", false)]
    [InlineData("entity A = Long;", false)]
    [InlineData("entity A = T; type T = {};", false)]
    [InlineData("entity A in Action; action a;", false)]
    [InlineData("entity A { a: Action };", false)]
    [InlineData("entity A; action a appliesTo { principal: Action, resource: A };", false)]
    [InlineData("entity A { a: __cedar::Long, b: __cedar::ipaddr, c: ipaddr, d: datetime, e: duration, f: Boolean, g: Bool,"
        + " h: __cedar::Boolean, i: __cedar::Bool };", false)]
    [InlineData("entity A { a: Boolean };", false)]
    [InlineData("entity A { a: __cedar::Foo };", false)]
    [InlineData("entity A { a: Set };", false)]
    [InlineData("entity A { a: Set<Long, Long> };", false)]
    [InlineData("entity A { a: Record };", false)]
    [InlineData("entity A { a: Entity };", false)]
    [InlineData("entity \"A\";", false)]
    [InlineData("entity A::B;", false)]
    [InlineData("type A::B = Long;", false)]
    [InlineData("/* c */ entity A;", false)]
    [InlineData("entity A", false)]
    [InlineData("entity A;;", false)]
    [InlineData(";", false)]
    [InlineData("entity A {a: Long;};", false)]
    [InlineData("entity A {a: Long,,};", false)]
    [InlineData("entity A {,};", false)]
    [InlineData("action if;", false)]
    [InlineData("entity A { h:__cedar::Boolean };", false)]
    [InlineData("entity A in X;", false)]
    [InlineData("entity A; type X = A; entity B in X;", false)]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: {}, context: {} };", false)]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: Long };", false)]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: Set<Long> };", false)]
    [InlineData("entity A; action a appliesTo { principal: A resource: A };", false)]
    [InlineData("entity A; action a in [Action::b] ; action b;", false)]
    [InlineData("entity A; action a in N::b ; namespace N { action b; }", false)]
    [InlineData("entity A; action a in A::\"b\" ;", false)]
    [InlineData("action a in [b,]; action b;", false)]
    [InlineData("entity A in [B,]; entity B;", false)]
    [InlineData("entity A, ;", false)]
    [InlineData("action a,;", false)]
    [InlineData("entity A = ;", false)]
    [InlineData("entity A tags Long {};", false)]
    [InlineData("entity A {} in B;", false)]
    [InlineData("@a action a appliesTo { @b principal: A, resource: A}; entity A;", false)]
    [InlineData("@a::b entity A;", false)]
    [InlineData("@a() entity A;", false)]
    [InlineData("entity A enum [\"x\"] tags Long;", false)]
    [InlineData("entity A enum [\"x\"] = {};", false)]
    [InlineData("entity A in B enum [\"x\"]; entity B;", false)]
    [InlineData("type entity = Long; type tags = {}; type in = Long;", false)]
    [InlineData("action \"\\*\";", false)]
    [InlineData("type Boolean = Long;", false)]
    [InlineData("entity A { e: Set<ipaddr>?: Long };", false)]
    [InlineData("{}", false)]
    [InlineData("[]", false)]
    [InlineData("entity A {x: __cedar};", false)]
    [InlineData("entity A {x: __cedar::__cedar::Long};", false)]
    [InlineData("entity A {x: N::__cedar::Long};", false)]
    [InlineData("entity A in __cedar::Long;", false)]
    [InlineData("namespace N { entity A; action a appliesTo {principal: A, resource: N::A}; };", false)]
    [InlineData("@x type T = Long; @x @x type U = Long;", false)]
    [InlineData("entity A tags Set<A>?;", false)]
    [InlineData("entity A enum \"x\";", false)]
    [InlineData("entity A enum [\"x\" \"y\"];", false)]
    [InlineData("entity A enum [x];", false)]
    [InlineData("action a attributes {} appliesTo { principal: A, resource: A }; entity A;", false)]
    [InlineData("action a in Action::\"b\", c; action b;", false)]
    [InlineData("action a appliesTo { principal: [A,], resource: A }; entity A;", false)]
    [InlineData("action a appliesTo { principal A, resource: A }; entity A;", false)]
    [InlineData("action a appliesTo { subject: A, resource: A }; entity A;", false)]
    [InlineData("action a appliesTo { principal: A, resource: A, context: Set<Long> }; entity A;", false)]
    [InlineData("action a appliesTo { principal: A, resource: A, context: __cedar::Long }; entity A;", false)]
    [InlineData("action Action::\"a\";", false)]
    [InlineData("type T;", false)]
    [InlineData("type T = ;", false)]
    [InlineData("type T = Long", false)]
    [InlineData("type T = {a: Long}, U = Long;", false)]
    [InlineData("type T in A = Long;", false)]
    [InlineData("type \"T\" = Long;", false)]
    [InlineData("type T = A::B; namespace A { type B = Set<T>; }", false)]
    public void Text(string text, bool isAccepted = true)
    {
        var schema = Schema.Parse(text);

        Assert.Equal(isAccepted, schema.Succeeded);
        if (!schema.Succeeded)
            return;

        // Each form converts to the other without loss.
        var json = schema.Value.ToJson();
        Assert.Equal(json, Schema.ParseJson(json).ValueOrThrow().ToJson());
        Assert.Equal(json, Schema.Parse(schema.Value.ToText().ValueOrThrow()).ValueOrThrow().ToJson());
    }

    [Theory]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{}},\"memberOfTypes\":[\"A\"],"
        + "\"tags\":{\"type\":\"Long\"},\"annotations\":{\"a\":\"b\"}}},"
        + "\"actions\":{\"x\":{\"appliesTo\":{\"principalTypes\":[\"A\"],\"resourceTypes\":[\"A\"],"
        + "\"context\":{\"type\":\"Record\",\"attributes\":{}}}}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"appliesTo\":{\"principalTypes\":[],"
        + "\"resourceTypes\":[\"A\"]}}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"appliesTo\":{\"principalTypes\":[],\"resourceTypes\":[]}}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"appliesTo\":null,\"memberOf\":null}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"enum\":[\"a\"]}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"enum\":[\"a\"],\"annotations\":{\"x\":\"y\"}}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"T\"}}},"
        + "\"commonTypes\":{\"T\":{\"type\":\"Record\",\"attributes\":{\"x\":{\"type\":\"Long\"}}}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"EntityOrCommon\",\"name\":\"T\"}}},"
        + "\"commonTypes\":{\"T\":{\"type\":\"Record\",\"attributes\":{}}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"Bool\"}}}}},"
        + "\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Boolean\",\"required\":false,\"annotations\":{\"z\":\"q\"}}}}}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{},\"additionalAttributes\":false}}},"
        + "\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Set\",\"element\":{\"type\":\"Entity\",\"name\":\"A\"}}}}}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Extension\",\"name\":\"ipaddr\"}, \"b\":{\"type\":\"decimal\"},"
        + "\"c\":{\"type\":\"EntityOrCommon\",\"name\":\"datetime\"},\"d\":{\"type\":\"__cedar::duration\"}}}}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"EntityOrCommon\",\"name\":\"A\"}}}}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"N::T\"}}}}},"
        + "\"commonTypes\":{\"T\":{\"type\":\"Long\"}},\"actions\":{}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"memberOf\":[{\"id\":\"y\"},{\"id\":\"y\",\"type\":\"Action\"},"
        + "{\"type\":\"N::Action\",\"id\":\"y\"}]},\"y\":{}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"appliesTo\":{\"principalTypes\":[\"A\"],"
        + "\"resourceTypes\":[\"A\"],\"context\":{\"type\":\"T\"}}}},\"commonTypes\":{\"T\":{\"type\":\"Record\",\"attributes\":{}}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"appliesTo\":{\"principalTypes\":[\"A\"],"
        + "\"resourceTypes\":[\"A\"],\"context\":{\"type\":\"EntityOrCommon\",\"name\":\"T\"}}}},"
        + "\"commonTypes\":{\"T\":{\"type\":\"Record\",\"attributes\":{}}}}}")]
    [InlineData("{\"\":{\"entityTypes\":{\"T\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"T\"},\"b\":{\"type\":\"Entity\",\"name\":\"T\"},"
        + "\"c\":{\"type\":\"EntityOrCommon\",\"name\":\"T\"}}}}},\"actions\":{},\"commonTypes\":{\"T\":{\"type\":\"String\"}}}}")]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"annotations\":{\"a\":null}}},\"actions\":{\"\":{}}}}")]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"a\":{\"attributes\":null}}}}")]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"a\":{\"memberOf\":[{\"id\":\"b\",\"type\":null}]},\"b\":{}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{},\"actions\":{},\"annotations\":{\"a\":\"b\",\"if\":\"\"}}}")]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"T\":{\"type\":\"Long\",\"annotations\":{\"x\":\"y\"}}}}}")]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"EntityOrCommon\",\"name\":\"__cedar::Long\"}}},\"actions\":{}}}")]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"__cedar::Long\"}}},\"actions\":{}}}")]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Entity\",\"name\":\"Action\"}}},\"actions\":{\"x\":{}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{},\"actions\":{\"x\":{\"memberOf\":[{\"id\":\"y\"}]}}},"
        + "\"\":{\"entityTypes\":{},\"actions\":{\"y\":{}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{},\"actions\":{\"x\":{\"memberOf\":[{\"id\":\"y\",\"type\":\"Action\"}]}}},"
        + "\"\":{\"entityTypes\":{},\"actions\":{\"y\":{}}}}")]
    [InlineData("{\"N\":{\"entityTypes\":{\"X\":{}},\"actions\":{}},\"M\":{\"entityTypes\":{\"X\":{\"tags\":{\"type\":\"Entity\","
        + "\"name\":\"N::X\"}}},\"actions\":{}}}")]
    [InlineData("{\"\":{\"entityTypes\":{}}}", false)]
    [InlineData("{\"\":{\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"foo\":1}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"appliesTo\":{\"principalTypes\":[\"A\"]}}}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"attributes\":{}, \"memberOf\":[]}}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"attributes\":{\"a\":1}}}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"foo\":1}}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"foo\":1}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"enum\":[]}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"enum\":[\"a\"],\"memberOfTypes\":[]}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"enum\":[\"a\"],\"shape\":{\"type\":\"Record\",\"attributes\":{}}}},\"actions\":{}}}",
        false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Long\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Boolean\",\"required\":true,\"foo\":1}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Long\",\"required\":1}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Long\",\"name\":\"x\"}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{},\"additionalAttributes\":true}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"Set\"}}}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Set\",\"element\":{\"type\":\"Entity\",\"name\":\"A\"},\"name\":\"x\"}}}}},\"actions\":{}}}",
        false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"Entity\"}}}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Entity\",\"name\":\"Z\"}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Extension\",\"name\":\"foo\"}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Extension\",\"name\":\"ip\"}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"A\"}}}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"EntityOrCommon\",\"name\":\"Boolean\"}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"foo bar\"}}}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A::B\":{}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"a b\":{}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"in\":{}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"memberOf\":[{\"id\":\"y\",\"type\":\"A\"}]},\"y\":{}}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"memberOf\":[{\"id\":\"y\",\"type\":\"A\","
        + " \"foo\":1}]},\"y\":{}}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"appliesTo\":{\"principalTypes\":[\"A\"],"
        + "\"resourceTypes\":[\"A\"],\"context\":{\"type\":\"Long\"}}}}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"x\":{\"appliesTo\":{\"principalTypes\":[\"A\"],"
        + "\"resourceTypes\":[\"A\"],\"foo\":{\"type\":\"Long\"}}}}}}", false)]
    [InlineData("{\"a b\":{\"entityTypes\":{},\"actions\":{}}}", false)]
    [InlineData("{\"__cedar\":{\"entityTypes\":{},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"Long\":{\"type\":\"String\"}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"Boolean\":{\"type\":\"String\"}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"in\":{\"type\":\"String\"}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"a::b\":{\"type\":\"String\"}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"in\":{}},\"actions\":{\"\":{}},\"annotations\":{\"a\":\"b\"}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"\":{}},\"annotations\":{\"a\":\"b\"}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"annotations\":{\"a b\":\"b\"}}},\"actions\":{\"\":{}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"String\",\"element\":{\"type\":\"Long\"}}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Record\",\"attributes\":{},\"element\":{\"type\":\"Long\"}}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"T\",\"attributes\":{}}}}}},\"commonTypes\":{\"T\":{\"type\":\"Long\"}},\"actions\":{}}}",
        false)]
    [InlineData("{\"\":null}", false)]
    [InlineData("{\"\":{\"entityTypes\":null,\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":null},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"memberOfTypes\":null}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":null}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":null}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"enum\":null}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"annotations\":null}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"a\":null}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"a\":{\"annotations\":null}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"a\":{\"appliesTo\":{\"principalTypes\":[\"A\"],\"resourceTypes\":[\"A\"],"
        + "\"context\":null}}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"a\":{\"appliesTo\":{\"principalTypes\":null,"
        + "\"resourceTypes\":[\"A\"]}}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":null}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"annotations\":null}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"T\":{\"type\":\"Long\",\"annotations\":null}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"T\":{\"type\":\"Long\",\"required\":true}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{},\"annotations\":{}}}},\"actions\":{}}}",
        false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Long\",\"annotations\":{}}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Set\",\"element\":{\"type\":\"Long\",\"annotations\":{}}}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Set\",\"element\":{\"type\":\"Long\",\"required\":true}}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Entity\",\"name\":\"__cedar::Long\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"__cedar::A\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Entity\",\"name\":\"::A\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Entity\",\"name\":\" A\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Entity\",\"name\":\"A \"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Entity\",\"name\":\"A::__cedar::B\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Entity\",\"name\":\"in\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":1}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":\"Long\"}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"element\":{\"type\":\"Long\"}}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Extension\",\"name\":\"__cedar::ipaddr\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Extension\",\"name\":\"Long\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Action\"}}},\"actions\":{\"x\":{}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"tags\":{\"type\":\"Entity\",\"name\":\"Action\"}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"memberOfTypes\":[\"Action\"]}},\"actions\":{\"x\":{}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"Action\":{}},\"actions\":{\"x\":{}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"memberOfTypes\":[\"__cedar::A\"]}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"x\":{\"memberOf\":[{\"id\":\"y\",\"type\":\"__cedar::Action\"}]},\"y\":{}}}}",
        false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"x\":{\"memberOf\":[\"y\"]},\"y\":{}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"x\":{\"memberOf\":{\"id\":\"y\"}},\"y\":{}}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"X\":{}},\"actions\":{}},\"\":{\"entityTypes\":{\"X\":{}},\"actions\":{}}}", false)]
    [InlineData("{\"N\":{\"entityTypes\":{\"X\":{}},\"actions\":{}},\"\":{\"entityTypes\":{},\"actions\":{},"
        + "\"commonTypes\":{\"X\":{\"type\":\"Long\"}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Long\",\"required\":null}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\","
        + "\"attributes\":{\"a\":{\"type\":\"Long\",\"annotations\":null}}}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":null}}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{},\"additionalAttributes\":null}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"shape\":{\"type\":\"Record\",\"attributes\":{},\"additionalAttributes\":1}}},"
        + "\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"enum\":[\"a\",1]}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"enum\":[\"a\"],\"tags\":null}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{\"enum\":null,\"tags\":null}},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"datetime\":{}},\"actions\":{},\"commonTypes\":{\"T\":{\"type\":\"datetime\"}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"datetime\":{}},\"actions\":{}},"
        + "\"N\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"T\":{\"type\":\"datetime\"}}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"datetime\":{}},\"actions\":{},"
        + "\"commonTypes\":{\"T\":{\"type\":\"__cedar::datetime\"},\"S\":{\"type\":\"Extension\",\"name\":\"datetime\"}}}}")]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"T\":{\"type\":\"datetime\"}}},"
        + "\"N\":{\"entityTypes\":{\"datetime\":{}},\"actions\":{},\"commonTypes\":{\"S\":{\"type\":\"datetime\"}}}}")]
    [InlineData("{\"\":[{\"T\":{\"type\":\"Long\"}},{},{}]}")]
    [InlineData("{\"N\":[{},{},{},{\"a\":\"b\"}]}")]
    [InlineData("{\"\":[{},{},{},{\"a\":\"b\"}]}", false)]
    [InlineData("{\"\":[{},{}]}", false)]
    [InlineData("{\"\":[{},{},{},{},1]}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":[],\"B\":[[\"A\"],{\"type\":\"Record\",\"attributes\":{}},{\"type\":\"Long\"}]},"
        + "\"actions\":{}}}")]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":[[],null]},\"actions\":{}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{\"A\":{}},\"actions\":{\"a\":[],"
        + "\"b\":[null,[[\"A\"],[\"A\"]],[[\"a\"],[\"a\",\"Action\"]],{}]}}}")]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"a\":[{}]}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"a\":[null,[[]]]}}}", false)]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{\"a\":{\"memberOf\":[[]]}}}}", false)]
    public void Json(string json, bool isAccepted = true)
    {
        var schema = Schema.ParseJson(json);

        Assert.Equal(isAccepted, schema.Succeeded);
        if (schema.Succeeded)
            Assert.Equal(schema.Value.ToJson(), Schema.ParseJson(schema.Value.ToJson()).ValueOrThrow().ToJson());
    }
}
