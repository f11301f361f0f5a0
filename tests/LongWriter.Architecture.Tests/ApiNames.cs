using System.Reflection;

namespace LongWriter.Architecture;

/// <summary>Type names as C# writes them: keywords, generic arguments, arrays, and a question mark where null is allowed.</summary>
internal static class ApiNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    /// <summary>The name alone: nothing is known about null.</summary>
    public static string Of(Type type) => Of(null, type);

    /// <summary>The name with what is known about null.</summary>
    public static string Of(NullabilityInfo? nullability, Type type)
    {
        if (type.IsByRef)
        {
            return Of(nullability, type.GetElementType()!);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        // A field or return value is read, so what may come out counts; a generic parameter says of itself what may.
        string mark = nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (type.IsArray)
        {
            return $"{Of(nullability?.ElementType, type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }

        return (Keywords.TryGetValue(type, out string? keyword) ? keyword : Named(nullability, type)) + mark;
    }

    private static string Named(NullabilityInfo? nullability, Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        // A nested type repeats the parameters of the outer one; each name takes those it adds.
        Type[] arguments = type.GetGenericArguments();
        string outer = "";
        int taken = 0;
        if (type.DeclaringType is { } declaring)
        {
            taken = declaring.GetGenericArguments().Length;
            Type closed = taken > 0 ? declaring.MakeGenericType(arguments[..taken]) : declaring;
            outer = Of(closed) + ".";
        }

        string name = type.Name.Split('`')[0];
        if (taken == arguments.Length)
        {
            return outer + name;
        }

        NullabilityInfo[]? known = nullability?.GenericTypeArguments is { } infos && infos.Length == arguments.Length ? infos : null;
        return $"{outer}{name}<{string.Join(", ", Enumerable.Range(taken, arguments.Length - taken).Select(i => Of(known?[i], arguments[i])))}>";
    }
}
