using System.Text.Json;
using Trellis.Contracts;

if (args is not [var contract, var generated, var renewal])
{
    await Console.Error.WriteLineAsync("Usage: Trellis.Contracts <checked-in document> <generated document> <command that renews the first>");
    return 2;
}

try
{
    var deviations = ContractDeviations.Between(await File.ReadAllTextAsync(contract), await File.ReadAllTextAsync(generated));
    if (deviations.Count == 0)
    {
        return 0;
    }

    const int Most = 10;
    // MSBuild shows a line of this form as an error of the file.
    var more = deviations.Count > Most ? $"; and {deviations.Count - Most} more" : "";
    await Console.Error.WriteLineAsync(
        $"{contract} : error CONTRACT001: The code deviates from its contract: {string.Join("; ", deviations.Take(Most))}{more}. If the change is meant, renew the contract with: {renewal}");
}
catch (Exception failure) when (failure is JsonException or IOException)
{
    await Console.Error.WriteLineAsync($"{contract} : error CONTRACT002: {failure.Message.ReplaceLineEndings(" ")}");
}

return 1;
