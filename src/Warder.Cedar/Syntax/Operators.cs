namespace Warder.Cedar.Syntax;

/// <summary>The parts of a request, as conditions refer to them.</summary>
public enum Variable : byte
{
    /// <summary><c>principal</c></summary>
    Principal,

    /// <summary><c>action</c></summary>
    Action,

    /// <summary><c>resource</c></summary>
    Resource,

    /// <summary><c>context</c></summary>
    Context,
}

/// <summary>The operators and methods with one operand.</summary>
public enum UnaryOperator : byte
{
    /// <summary><c>!a</c></summary>
    Not,

    /// <summary><c>-a</c></summary>
    Negate,

    /// <summary><c>a.isEmpty()</c></summary>
    IsEmpty,
}

/// <summary>The operators and methods with two operands. (Cedar documentation: "Operators and functions".)</summary>
public enum BinaryOperator : byte
{
    /// <summary><c>a == b</c></summary>
    Equal,

    /// <summary><c>a != b</c></summary>
    NotEqual,

    /// <summary><c>a &lt; b</c></summary>
    Less,

    /// <summary><c>a &lt;= b</c></summary>
    LessOrEqual,

    /// <summary><c>a > b</c></summary>
    Greater,

    /// <summary><c>a >= b</c></summary>
    GreaterOrEqual,

    /// <summary><c>a in b</c></summary>
    In,

    /// <summary><c>a + b</c></summary>
    Add,

    /// <summary><c>a - b</c></summary>
    Subtract,

    /// <summary><c>a * b</c></summary>
    Multiply,

    /// <summary><c>a.contains(b)</c></summary>
    Contains,

    /// <summary><c>a.containsAll(b)</c></summary>
    ContainsAll,

    /// <summary><c>a.containsAny(b)</c></summary>
    ContainsAny,

    /// <summary><c>a.getTag(b)</c></summary>
    GetTag,

    /// <summary><c>a.hasTag(b)</c></summary>
    HasTag,
}
