using System.Text.Json;
using Trellis.Contracts;

if (args is not [var contract, var generated, var renewal])
{
    await Console.Error.WriteLineAsync(
        "Usage: Trellis.Contracts <checked-in document> <generated document> <command that renews the first>\n"
        + "       Trellis.Contracts <Contract folder> <folder of generated documents of messages> <command that renews the first>");
    return 2;
}

var documents = Directory.Exists(contract) ? MessageDocuments.In(contract, generated) : [(contract, generated)];
var deviates = false;
foreach (var (expected, actual) in documents)
{
    if (await ComplaintAsync(expected, actual, renewal) is { } complaint)
    {
        // MSBuild shows a line of this form as an error of the file.
        await Console.Error.WriteLineAsync($"{expected} : error {complaint}");
        deviates = true;
    }
}

return deviates ? 1 : 0;

static async Task<string?> ComplaintAsync(string contract, string generated, string renewal)
{
    try
    {
        var deviations = (File.Exists(contract), File.Exists(generated)) switch
        {
            (false, true) => ["the document is missing"],
            (true, false) => ["nothing is left of it in the code"],
            _ => ContractDeviations.Between(await File.ReadAllTextAsync(contract), await File.ReadAllTextAsync(generated)),
        };
        const int Most = 10;
        var more = deviations.Count > Most ? $"; and {deviations.Count - Most} more" : "";
        return deviations.Count == 0
            ? null
            : $"CONTRACT001: The code deviates from its contract: {string.Join("; ", deviations.Take(Most))}{more}. If the change is meant, renew the contract with: {renewal}";
    }
    catch (Exception failure) when (failure is JsonException or IOException)
    {
        return $"CONTRACT002: {failure.Message.ReplaceLineEndings(" ")}";
    }
}
