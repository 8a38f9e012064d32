using Warder.Cedar.Fuzz.Data;
using Warder.Cedar.Fuzz.Schemas;

namespace Warder.Cedar.Fuzz.Policies;

/// <summary>Makes policies and templates as text.</summary>
/// <param name="chance">The source of randomness.</param>
/// <param name="model">The schema of the entities.</param>
/// <param name="population">The names of entities.</param>
/// <param name="looseness">The probability that a part does not have the required type.</param>
internal sealed class PolicyMaker(Chance chance, Model model, Population population, double looseness)
{
    /// <summary>Makes a policy or, where slots are requested, mostly a template.</summary>
    public string Make(bool isTemplate)
    {
        var action = chance.PickFrom(model.Actions);
        var (surroundings, expressions) = About(action);
        var effect = chance.Of(0.65) ? chance.Note("permit", "permit") : chance.Note("forbid", "forbid");
        var slots = isTemplate ? chance.Between(1, 3) : 0;
        var scope =
            $"{Scope("principal", surroundings.Principal, (slots & 1) > 0)}, {Action(action)},"
                + $" {Scope("resource", surroundings.Resource, (slots & 2) > 0)}"
                + (chance.Of(0.03) ? chance.Note("trailing comma", ",") : "");
        var conditions = string.Concat(chance.Many(chance.Pick(0, 0, 0, 1, 1, 1, 1, 2, 3), () =>
            $" {(chance.Of(0.7) ? chance.Note("when", "when") : chance.Note("unless", "unless"))} {{"
                + $" {Bare(expressions.Bool(chance.Between(1, 4)))} }}"));
        return $"{Annotations()}{effect}({scope}){conditions};";
    }

    /// <summary>Makes a policy about all requests with a short condition: its result shows in the reasons and the errors.</summary>
    public string MakeCondition()
        => $"permit(principal, action, resource) when {{"
            + $" {Bare(About(chance.PickFrom(model.Actions)).Expressions.Bool(chance.Between(1, 2)))} }};";

    private (Surroundings Surroundings, ExpressionMaker Expressions) About(ActionKind action)
    {
        var (principals, resources) = action.AppliesTo is var (some, others, _) ? (some, others) : ([], []);
        var surroundings = new Surroundings(
            principals.Count > 0 ? model.Kind(chance.PickFrom(principals)) : null, action,
            resources.Count > 0 ? model.Kind(chance.PickFrom(resources)) : null);
        return (surroundings, new ExpressionMaker(chance, model, population, new Paths(chance, model, surroundings), looseness));
    }

    // Outermost parentheses are rare.
    private string Bare(string condition)
    {
        if (condition.Length < 2 || condition[0] != '(' || condition[^1] != ')' || chance.Of(0.2))
            return condition;
        var depth = 0;
        for (var i = 0; i < condition.Length - 1; i++)
        {
            depth += condition[i] switch { '(' => 1, ')' => -1, '"' => 1000, _ => 0 };
            if (depth is 0 or >= 1000)
                return condition;
        }

        return condition[1..^1];
    }

    private string Annotations() => chance.Of(0.85) ? "" : chance.Note("annotation", string.Concat(chance.Some(
        [$"@id({Quoted.Cedar(chance, chance.PickFrom(Literals.Texts))}) ", "@advice(\"no\")\n", "@bare ", "@if(\"reserved\") ",
            "@permit(\"\") "], 0.4)));

    private string Scope(string part, EntityKind? kind, bool isSlot)
    {
        var type = kind?.FullName ?? chance.PickFrom(model.Kinds).FullName;
        var entity = isSlot
            ? chance.Note($"?{part}", $"?{part}")
            : (chance.Of(0.85) ? population.Of(type) : population.Any()).Cedar(chance);
        return (isSlot ? chance.Pick(2, 3, 4) : chance.Below(12)) switch
        {
            0 or 5 or 6 or 7 or 8 => chance.Note("scope:any", part),
            1 or 9 or 10 => chance.Note("scope:is", $"{part} is {type}"),
            2 => chance.Note("scope:==", $"{part} == {entity}"),
            3 => chance.Note("scope:in", $"{part} in {entity}"),
            _ => chance.Note("scope:is in", $"{part} is {(chance.Of(0.9) ? type : chance.PickFrom(model.Kinds).FullName)} in {entity}"),
        };
    }

    private string Action(ActionKind action) => chance.Below(11) switch
    {
        0 or 8 or 9 or 10 => chance.Note("action:any", "action"),
        1 or 2 or 3 => chance.Note("action:==", $"action == {Population.Of(action).Cedar(chance)}"),
        4 or 5 => chance.Note("action:in", $"action in {(chance.Of(0.5) ? Population.Of(action) : population.Action()).Cedar(chance)}"),
        _ => chance.Note(
            "action:list",
            "action in ["
                + string.Join(
                    ", ",
                    chance.Many(chance.Pick(0, 1, 2, 3), population.Action).Append(Population.Of(action)).Skip(chance.Below(2))
                        .Select(uid => uid.Cedar(chance)))
                + "]"),
    };
}
