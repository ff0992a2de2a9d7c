namespace Trellis.PublicApi;

/// <summary>Writes what assemblies declare public as Markdown tables, one an assembly, between two marks of a document.</summary>
internal static class ApiTable
{
    private const string Begin = "<!-- public API: written by eng/public-api-table.sh -->";
    private const string End = "<!-- end of public API -->";

    /// <summary>What records and the language add by themselves: named nowhere.</summary>
    private static readonly HashSet<string> Unnamed =
        [".ctor", ".cctor", "Equals", "GetHashCode", "ToString", "Deconstruct", "EqualityContract", "PrintMembers", "value__"];

    /// <summary>The document with its tables renewed.</summary>
    /// <param name="document">The Markdown text as it is.</param>
    /// <param name="types">The visible types of all assemblies, in the order in which the assemblies are to appear.</param>
    /// <exception cref="InvalidDataException">The document lacks one of the two marks.</exception>
    public static string Renew(string document, IReadOnlyList<ApiTypeDeclaration> types)
    {
        var begin = document.IndexOf(Begin, StringComparison.Ordinal);
        var end = document.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"The document needs the lines '{Begin}' and '{End}'.");
        }

        var tables = types.GroupBy(type => type.Assembly).Select(assembly => Table(assembly.Key, [.. assembly]));
        return document[..(begin + Begin.Length)] + "\n\n" + string.Join("\n", tables) + "\n" + document[end..];
    }

    private static string Table(string assembly, IReadOnlyList<ApiTypeDeclaration> types)
    {
        var named = types
            .Select(type => (Name: DisplayName(type), Members: string.Join(", ", MemberNames(type))))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .ToList();
        var rows = named.Where(type => type.Members.Length > 0).Select(type => $"| `{type.Name}` | {type.Members} |\n");
        var bare = string.Join(", ", named.Where(type => type.Members.Length == 0).Select(type => $"`{type.Name}`"));
        return $"#### {assembly}\n\n| type | members |\n|---|---|\n{string.Concat(rows)}"
            + (bare.Length == 0 ? "" : $"| without members of their own | {bare} |\n");
    }

    /// <summary>Members are named once, without their overloads, in the order of their names.</summary>
    private static IEnumerable<string> MemberNames(ApiTypeDeclaration type) =>
        type.Members
            .Where(member => !member.IsOverride)
            .Select(member => Name(member.Identity))
            .Where(name => !Unnamed.Contains(name) && !name.StartsWith("op_", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal);

    /// <summary>From an identity such as <c>method WithArgs``1(string)</c> the name alone.</summary>
    private static string Name(string identity)
    {
        var name = identity[(identity.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        var end = name.IndexOfAny(['(', '`']);
        return end < 0 ? name : name[..end];
    }

    private static string DisplayName(ApiTypeDeclaration type)
    {
        var name = type.Name[(type.Name.LastIndexOf('.') + 1)..].Replace('+', '.');
        var arity = name.IndexOf('`', StringComparison.Ordinal);
        var parameters = arity < 0 ? 0 : name[arity + 1] - '0';
        return parameters switch
        {
            0 => name,
            1 => $"{name[..arity]}<T>{name[(arity + 2)..]}",
            _ => $"{name[..arity]}<{string.Join(", ", Enumerable.Range(1, parameters).Select(index => $"T{index}"))}>{name[(arity + 2)..]}",
        };
    }
}
