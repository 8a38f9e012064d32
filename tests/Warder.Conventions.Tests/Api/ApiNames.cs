using System.Globalization;
using System.Reflection;

namespace Warder.Conventions.Tests.Api;

/// <summary>Writes types and parameters as C# does, with their nullability.</summary>
internal static class ApiNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(char)] = "char",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(string)] = "string",
        [typeof(object)] = "object", [typeof(void)] = "void",
    };

    public static string Of(FieldInfo field) => Of(field.FieldType, Nullability.Create(field));

    public static string Of(PropertyInfo property) => Of(property.PropertyType, Nullability.Create(property));

    public static string Of(ParameterInfo parameter)
    {
        var reference = parameter switch
        {
            { ParameterType.IsByRef: false } => "",
            { IsOut: true } => "out ",
            { IsIn: true } => "in ",
            _ => "ref ",
        };
        return reference + Of(parameter.ParameterType, Nullability.Create(parameter));
    }

    public static string Parameters(MethodBase method)
    {
        var isExtension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute));
        return (isExtension ? "this " : "") + Parameters(method.GetParameters());
    }

    public static string Parameters(IEnumerable<ParameterInfo> parameters) => string.Join(", ", parameters.Select(parameter =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Of(parameter)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue)}" : "")));

    public static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string Constraints(IEnumerable<Type> parameters)
    {
        var clauses = from parameter in parameters
                      where parameter.IsGenericParameter
                      let constraints = ConstraintsOf(parameter).ToList()
                      where constraints.Count > 0
                      select $" where {parameter.Name} : {string.Join(", ", constraints)}";
        return string.Concat(clauses);
    }

    public static string Of(Type type, NullabilityInfo? nullability = null)
    {
        if (type.IsByRef || type.IsPointer)
            return Of(type.GetElementType()!, nullability) + (type.IsPointer ? "*" : "");
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying) + "?";
        var isNullable = nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable };
        var mark = isNullable && !type.IsValueType ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + mark;
        if (type.IsGenericParameter)
            return type.Name; // Each use of the type parameter determines whether it may be null.

        var outer = type.IsNested ? Of(type.DeclaringType!) + "." : "";
        var given = nullability?.GenericTypeArguments ?? [];
        var inherited = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        var arguments = type.GetGenericArguments()
            .Select((argument, index) => Of(argument, index < given.Length ? given[index] : null)).Skip(inherited).ToList();
        return outer + Plain(type) + (arguments.Count > 0 ? $"<{string.Join(", ", arguments)}>" : "") + mark;
    }

    /// <summary>Returns the name alone, without the count of type parameters that metadata appends.</summary>
    public static string Plain(Type type) => type.Name.Split('`')[0];

    private static IEnumerable<string> ConstraintsOf(Type parameter)
    {
        var attributes = parameter.GenericParameterAttributes;
        var isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (isStruct)
            yield return "struct";
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            yield return "class";
        foreach (var constraint in parameter.GetGenericParameterConstraints().Where(constraint => constraint != typeof(ValueType)))
            yield return Of(constraint);
        if (!isStruct && attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            yield return "new()";
    }
}
