using Trellis.PublicApi;

// Exit codes: 0 no deviation, 1 deviations, 2 the comparison could not be made.
try
{
    return args switch
    {
        ["--ours", .. var rest] when Array.IndexOf(rest, "--theirs") is > 0 and var split && split < rest.Length - 1 =>
            Compare(rest[..split], rest[(split + 1)..]),
        ["--table", var document, "--check", .. { Length: > 0 } assemblies] => Table(document, assemblies, check: true),
        ["--table", var document, .. { Length: > 0 } assemblies] => Table(document, assemblies, check: false),
        _ => Usage(),
    };
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

static int Usage()
{
    Console.Error.WriteLine("usage: PublicApi --ours <assembly>... --theirs <assembly>...");
    Console.Error.WriteLine("       PublicApi --table <document> [--check] <assembly>...");
    return 2;
}

static int Compare(string[] ourAssemblies, string[] theirAssemblies)
{
    var ours = ourAssemblies.SelectMany(AssemblyReader.Read).ToList();
    var theirs = theirAssemblies.SelectMany(AssemblyReader.Read).ToList();
    var deviations = ApiComparer.Compare(ours, theirs);
    foreach (var deviation in deviations)
    {
        Console.WriteLine(deviation);
    }

    Console.WriteLine($"Public API: {ours.Count} types with {ours.Sum(type => type.Members.Count)} members compared, {deviations.Count} deviations.");
    return deviations.Count == 0 ? 0 : 1;
}

static int Table(string document, string[] assemblies, bool check)
{
    var text = File.ReadAllText(document);
    var renewed = ApiTable.Renew(text, [.. assemblies.SelectMany(AssemblyReader.Read)]);
    if (text == renewed)
    {
        return 0;
    }

    if (check)
    {
        Console.WriteLine($"The table of the public API in {document} is not current. Renew it: eng/public-api-table.sh");
        return 1;
    }

    File.WriteAllText(document, renewed);
    return 0;
}
