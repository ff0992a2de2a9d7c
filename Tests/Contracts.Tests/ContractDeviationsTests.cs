using System.Diagnostics;

namespace Trellis.Contracts.Tests;

public sealed class ContractDeviationsTests
{
    [Theory]
    [InlineData("\"required\": [ \"id\", \"total\" ]", "\"required\": [ \"total\", \"id\" ]")]
    [InlineData("[ \"null\", \"string\" ]", "[ \"string\", \"null\" ]")]
    [InlineData("\"title\": \"Orders\", \"version\": \"1.0.0\"", "\"version\": \"1.0.0\",    \"title\": \"Orders\"")]
    [InlineData("\"paths\"", "\"servers\": [ { \"url\": \"http://localhost\" } ], \"paths\"")]
    public void Order_and_whitespace_and_the_address_of_a_copy_are_no_deviation(string piece, string replacement) =>
        Assert.Empty(ContractDeviations.Between(Contract.Document, Contract.With(piece, replacement)));

    [Theory]
    [InlineData("\"maximum\": 100", "\"maximum\": 50", "/paths/~1orders/get/parameters/1/schema/maximum is 100 in the contract and 50 in the code")]
    [InlineData("\"delete\"", "\"put\"", "/paths/~1orders~1{id}/delete is in the contract only; /paths/~1orders~1{id}/put is in the code only")]
    [InlineData("[ \"null\", \"string\" ]", "\"string\"", "/components/schemas/Draft/properties/note/type is [\"null\",\"string\"] in the contract and \"string\" in the code")]
    [InlineData("\"required\": [ \"id\", \"total\" ]", "\"required\": [ \"id\" ]", "/components/schemas/Order/required is [\"id\",\"total\"] in the contract and [\"id\"] in the code")]
    public void Every_deviation_is_named_with_its_place(string piece, string replacement, string expected) =>
        Assert.Equal(expected, string.Join("; ", ContractDeviations.Between(Contract.Document, Contract.With(piece, replacement))));

    [Theory]
    [InlineData("\"maximum\": 50", 1, "orders.json : error CONTRACT001: The code deviates from its contract: /paths/~1orders/get/parameters/1/schema/maximum is 100 in the contract and 50 in the code. If the change is meant, renew the contract with: renew me")]
    [InlineData("\"maximum\": ", 1, "orders.json : error CONTRACT002: ")]
    [InlineData("\"maximum\": 100", 0, "")]
    public async Task The_build_is_told_what_deviates_and_how_to_renew_the_contract(string replacement, int exitCode, string message)
    {
        var folder = Directory.CreateTempSubdirectory("contracts-tests-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "orders.json"), Contract.Document);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "code.json"), Contract.With("\"maximum\": 100", replacement));
            var (code, errors) = await RunAsync(folder, "orders.json", "code.json");

            Assert.Equal(exitCode, code);
            Assert.StartsWith(message, errors, StringComparison.Ordinal);
            Assert.True(errors.Split('\n').Length <= 2, errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_build_is_told_which_documents_of_messages_deviate_are_missing_and_are_left_over()
    {
        var folder = Directory.CreateTempSubdirectory("contracts-tests-");
        try
        {
            var (contract, code) = (folder.CreateSubdirectory("Contract").FullName, folder.CreateSubdirectory("code").FullName);
            await File.WriteAllTextAsync(Path.Combine(contract, "openapi.json"), "no matter");
            await File.WriteAllTextAsync(Path.Combine(contract, "asyncapi.json"), """{ "asyncapi": "3.0.0" }""");
            await File.WriteAllTextAsync(Path.Combine(code, "asyncapi.json"), """{ "asyncapi": "3.1.0" }""");
            await File.WriteAllTextAsync(Path.Combine(contract, "Old.schema.json"), "{}");
            await File.WriteAllTextAsync(Path.Combine(code, "New.schema.json"), "{}");
            await File.WriteAllTextAsync(Path.Combine(contract, "Same.schema.json"), """{ "type": [ "string", "null" ] }""");
            await File.WriteAllTextAsync(Path.Combine(code, "Same.schema.json"), """{ "type": [ "null", "string" ] }""");

            var (exitCode, errors) = await RunAsync(folder, "Contract", "code");

            const string Renew = ". If the change is meant, renew the contract with: renew me";
            Assert.Equal(1, exitCode);
            Assert.Equal(
                [
                    "Contract/New.schema.json : error CONTRACT001: The code deviates from its contract: the document is missing" + Renew,
                    "Contract/Old.schema.json : error CONTRACT001: The code deviates from its contract: nothing is left of it in the code" + Renew,
                    "Contract/asyncapi.json : error CONTRACT001: The code deviates from its contract: /asyncapi is \"3.0.0\" in the contract and \"3.1.0\" in the code" + Renew,
                ],
                errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));

            // A service without messages has none of these folders.
            folder.CreateSubdirectory("empty");
            Assert.Equal((0, ""), await RunAsync(folder, "empty", "nowhere"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Errors)> RunAsync(DirectoryInfo folder, string contract, string generated)
    {
        using var tool = Process.Start(new ProcessStartInfo("dotnet", [typeof(ContractDeviations).Assembly.Location, contract, generated, "renew me"])
        {
            UseShellExecute = false,
            WorkingDirectory = folder.FullName,
            RedirectStandardError = true,
        })!;
        var errors = await tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        return (tool.ExitCode, errors);
    }
}
