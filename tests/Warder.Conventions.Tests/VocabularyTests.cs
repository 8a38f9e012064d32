using System.Reflection;
using System.Text.Json;
using Warder.Contracts.Events;
using Warder.Core.Verification;

namespace Warder.Conventions.Tests;

/// <summary>
/// Pins the values of the public shapes to the types that decide. Warder.Contracts knows nothing of Warder.Core, so a value stands in both;
/// a pair is found by its name.
/// </summary>
public sealed class VocabularyTests
{
    private static readonly Type[] Core = typeof(Decision).Assembly.GetExportedTypes();

    /// <summary>Values that Core decides with and no public shape shows, with the reason.</summary>
    private static readonly Dictionary<string, string> Unshown = new()
    {
        ["MembershipStatus.Ended"] = "A membership that has ended is no more listed.",
        ["OwnerTypes.None"] = "A set of types, not a type.",
        ["OwnerTypes.All"] = "A set of types, not a type.",
        ["OwnerTypes.Workload"] = "A permission can be for workloads; no key has such an owner yet.",
    };

    public static TheoryData<Type, Type> Pairs
    {
        get
        {
            var pairs = new TheoryData<Type, Type>();
            foreach (var words in typeof(EventTypes).Assembly.GetExportedTypes().Where(static type => ConstantsOf(type).Count > 0))
            {
                if (Array.Find(Core, type => type.Name == words.Name) is { } type && (type.IsEnum || ConstantsOf(type).Count > 0))
                    pairs.Add(words, type);
            }

            return pairs;
        }
    }

    [Fact]
    public void The_pairs_are_found()
        => Assert.Equal(
            ["DecisionCode", "DomainState", "EventTypes", "KeyStatus", "MembershipStatus", "OwnerTypes"],
            Pairs.Select(static pair => pair.Data.Item1.Name).Order());

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_stands_in_Core_and_in_Contracts_is_the_same(Type contracts, Type core)
    {
        var expected = core.IsEnum
            ? Enum.GetNames(core).ToDictionary(static name => name, JsonNamingPolicy.SnakeCaseLower.ConvertName)
            : ConstantsOf(core);
        Assert.Equal(
            expected.Where(each => !Unshown.ContainsKey($"{core.Name}.{each.Key}"))
                .OrderBy(static each => each.Key, StringComparer.Ordinal),
            ConstantsOf(contracts).OrderBy(static each => each.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void A_value_that_is_not_shown_is_there()
    {
        var values = Core.Where(static type => type.IsEnum)
            .SelectMany(static type => Enum.GetNames(type).Select(name => $"{type.Name}.{name}"));
        Assert.All(Unshown.Keys, name => Assert.Contains(name, values));
    }

    [Fact]
    public void Rights_have_the_same_names()
        => Assert.Equal(Warder.Core.Management.RightNames.Every.Select(static row => row.Name), Warder.Contracts.Management.RightNames.All);

    private static Dictionary<string, string> ConstantsOf(Type type)
        => type.IsEnum ? [] : type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(static field => field.IsLiteral && field.FieldType == typeof(string))
            .ToDictionary(static field => field.Name, static field => (string)field.GetRawConstantValue()!);
}
