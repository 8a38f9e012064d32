using System.Collections.Frozen;
using Warder.Cedar.Values;

namespace Warder.Cedar.Syntax;

/// <summary>
/// A function or a method of an extension type, with its signature. There is one object for each. (Cedar documentation: "Operators and
/// functions", Extensions.)
/// </summary>
public sealed class ExtensionFunction
{
    private static readonly FrozenDictionary<string, ExtensionFunction> Functions = Extensions.Functions.ToFrozenDictionary(function => function.Name);

    private const int CharactersShown = 100;

    // Takes arguments of the right types, the second none where there is one only; gives none where there is no result.
    private readonly Func<Value, Value, Value> _apply;

    internal ExtensionFunction(string name, ValueKind result, Func<Value, Value, Value> apply, params ValueKind[] parameters)
        => (Name, Result, _apply, Parameters) = (name, result, apply, parameters);

    /// <summary>All there are.</summary>
    public static IReadOnlyCollection<ExtensionFunction> All => Functions.Values;

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The type that it gives.</summary>
    public ValueKind Result { get; }

    /// <summary>The types that it takes; of a method, the first stands before the dot.</summary>
    public IReadOnlyList<ValueKind> Parameters { get; }

    /// <summary>Whether it makes a value of an extension type from its text; all others are methods.</summary>
    public bool IsConstructor => Parameters[0] == ValueKind.String;

    /// <summary>The one of this name; null when there is none.</summary>
    public static ExtensionFunction? Find(string name) => Functions.GetValueOrDefault(name);

    /// <summary>What a call gives; none, and why, when the arguments are too few, too many, of other types, or cannot be used.</summary>
    internal Value Call(ReadOnlySpan<Value> arguments, out string? problem)
    {
        problem = null;
        if (arguments.Length != Parameters.Count)
        {
            problem = $"`{Name}` takes {Parameters.Count} arguments, and here are {arguments.Length}";
            return default;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Kind != Parameters[i])
            {
                problem = $"`{Name}` takes {Kinds.Name(Parameters[i])}, and here is {Kinds.Name(arguments[i].Kind)}";
                return default;
            }
        }

        var value = _apply(arguments[0], arguments.Length > 1 ? arguments[1] : default);
        if (value.IsNone)
            problem = IsConstructor ? $"{Shown(arguments[0])} is no {Name}" : $"the result of `{Name}` is beyond 64 bits";
        return value;
    }

    private static Value Shown(Value text) => text.TryGet(out string? all) && all.Length > CharactersShown ? $"{all.AsSpan(0, CharactersShown)}…" : text;

    /// <summary>What it is called.</summary>
    public override string ToString() => Name;
}
