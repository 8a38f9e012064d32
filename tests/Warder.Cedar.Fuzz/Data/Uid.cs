namespace Warder.Cedar.Fuzz.Data;

/// <summary>An entity's name as the generator writes it; the type need not be one that there is.</summary>
internal readonly record struct Uid(string Type, string Id)
{
    public string Json(Chance chance)
        => chance.Of(0.9) ? $"{{\"type\":{Quoted.Json(chance, Type)},\"id\":{Quoted.Json(chance, Id)}}}" : $"{{\"id\":{Quoted.Json(chance, Id)},\"type\":{Quoted.Json(chance, Type)}}}";

    /// <summary>With the escape that says that it is an entity.</summary>
    public string Escaped(Chance chance) => $"{{\"__entity\":{Json(chance)}}}";

    public string Cedar(Chance chance) => $"{Type}::{Quoted.Cedar(chance, Id)}";
}
