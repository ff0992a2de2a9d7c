namespace Trellis.Contracts;

/// <summary>The documents of a service's messages: <c>asyncapi.json</c> and one <c>{record}.schema.json</c> for each message of its own.</summary>
internal static class MessageDocuments
{
    /// <summary>Pairs what is checked in with what the code yields; either may be missing.</summary>
    public static IEnumerable<(string Contract, string Generated)> In(string contract, string generated) => Names(contract)
        .Union(Names(generated), StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Select(name => (Path.Combine(contract, name), Path.Combine(generated, name)));

    private static IEnumerable<string> Names(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.json").Select(file => Path.GetFileName(file)).Where(name => name == "asyncapi.json" || name.EndsWith(".schema.json", StringComparison.Ordinal))
        : [];
}
