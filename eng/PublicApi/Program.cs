using Trellis.PublicApi;

// Exit codes: 0 no deviation, 1 deviations, 2 the comparison could not be made.
if (args is not ["--ours", .. var rest] || Array.IndexOf(rest, "--theirs") is not (> 0 and var split) || split == rest.Length - 1)
{
    Console.Error.WriteLine("usage: PublicApi --ours <assembly>... --theirs <assembly>...");
    return 2;
}

try
{
    var ours = rest[..split].SelectMany(AssemblyReader.Read).ToList();
    var theirs = rest[(split + 1)..].SelectMany(AssemblyReader.Read).ToList();
    var deviations = ApiComparer.Compare(ours, theirs);
    foreach (var deviation in deviations)
    {
        Console.WriteLine(deviation);
    }

    Console.WriteLine($"Public API: {ours.Count} types with {ours.Sum(type => type.Members.Count)} members compared, {deviations.Count} deviations.");
    return deviations.Count == 0 ? 0 : 1;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
