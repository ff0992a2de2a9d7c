using System.Text.Json;
using Aspire.Hosting.Tests.Dcp;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary>Each call on the wire, as a client that is not the CLI sees it.</summary>
public sealed class TheAuxiliarySocket(RunningAppHost appHost) : IClassFixture<RunningAppHost>
{
    [Fact]
    public async Task Says_who_the_AppHost_is_to_many_clients_at_once()
    {
        using var first = await appHost.ConnectAsync();
        using var second = await appHost.ConnectAsync();
        foreach (var client in (StreamJsonRpc.JsonRpc[])[first, second])
        {
            var information = await client.InvokeWithCancellationAsync<JsonElement>("GetAppHostInformationAsync", [], DcpFixture.Deadline());
            Assert.Equal(RunningAppHost.ProjectPath, information.GetProperty("appHostPath").GetString());
            Assert.Equal(appHost.Process.Id, information.GetProperty("processId").GetInt32());

            var info = await CallAsync(client, "GetAppHostInfoAsync");
            Assert.Equal($"{appHost.Process.Id}", info.GetProperty("pid").GetString());

            var capabilities = await CallAsync(client, "GetCapabilitiesAsync");
            Assert.Equal(["aux.v1", "aux.v2", "aux.v3"], capabilities.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()));
        }
    }

    [Fact]
    public async Task Has_no_address_of_a_dashboard_that_there_is_not()
    {
        using var client = await appHost.ConnectAsync();

        var urls = await client.InvokeWithCancellationAsync<JsonElement>("GetDashboardUrlsAsync", [], DcpFixture.Deadline());
        Assert.False(urls.GetProperty("dashboardHealthy").GetBoolean());

        var info = await CallAsync(client, "GetDashboardInfoAsync");
        Assert.Equal(0, info.GetProperty("dashboardUrls").GetArrayLength());
    }

    [Fact]
    public async Task Gives_properties_as_strings_to_a_client_that_knows_nothing_else()
    {
        using var client = await appHost.ConnectAsync();

        Assert.Equal(JsonValueKind.String, await PidKindAsync(new { filter = "talker" }));
        Assert.Equal(JsonValueKind.Number, await PidKindAsync(new { filter = "talker", clientCapabilities = (string[])["aux.v3"] }));

        async Task<JsonValueKind> PidKindAsync(object request)
        {
            var resource = Assert.Single((await CallAsync(client, "GetResourcesAsync", request)).GetProperty("resources").EnumerateArray().ToArray());
            Assert.Equal(["start", "stop", "restart"], resource.GetProperty("commands").EnumerateArray().Select(command => command.GetProperty("name").GetString()));
            return resource.GetProperty("properties").GetProperty("executable.pid").ValueKind;
        }
    }

    [Fact]
    public async Task Streams_the_resources_and_the_lines_of_their_logs()
    {
        using var client = await appHost.ConnectAsync();

        var watch = await client.InvokeWithCancellationAsync<IAsyncEnumerable<JsonElement>>(
            "WatchResourcesAsync", [new { filter = "talker" }], DcpFixture.Deadline());
        await foreach (var resource in watch.WithCancellation(DcpFixture.Deadline()))
        {
            Assert.Equal("talker", resource.GetProperty("displayName").GetString());
            break;
        }

        var batches = await client.InvokeWithCancellationAsync<IAsyncEnumerable<JsonElement>>(
            "GetConsoleLogBatchesAsync", [new { resourceName = "talker", search = "SECOND", tail = 1 }], DcpFixture.Deadline());
        var lines = new List<JsonElement>();
        await foreach (var batch in batches.WithCancellation(DcpFixture.Deadline()))
        {
            lines.AddRange(batch.GetProperty("lines").EnumerateArray());
        }

        var line = Assert.Single(lines);
        Assert.True(line.GetProperty("isError").GetBoolean());
        Assert.EndsWith("second line", line.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_to_wait_for_a_status_that_it_does_not_know_and_a_command_that_there_is_not()
    {
        using var client = await appHost.ConnectAsync();

        var wait = await CallAsync(client, "WaitForResourceAsync", new { resourceName = "talker", status = "happy", timeoutSeconds = 1 });
        Assert.False(wait.GetProperty("success").GetBoolean());
        Assert.Contains("happy", wait.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);

        var command = await CallAsync(client, "ExecuteResourceCommandAsync", new { resourceName = "talker", commandName = "sing" });
        Assert.False(command.GetProperty("success").GetBoolean());
        Assert.Contains("sing", command.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_arguments_by_name_or_by_place_and_says_what_is_wrong_with_which()
    {
        using var client = await appHost.ConnectAsync();

        var byName = await SumAsync(new { firstNumber = 2 });
        Assert.Equal("= 3 ", byName.GetProperty("value").GetProperty("value").GetString());
        var byPlace = await SumAsync(new object[] { "2", "3.5", "s" });
        Assert.Equal("= 5.5 s", byPlace.GetProperty("value").GetProperty("value").GetString());

        var wrong = await SumAsync(new { firstNumber = "many" });
        Assert.False(wrong.GetProperty("success").GetBoolean());
        Assert.Equal("firstNumber", Assert.Single(wrong.GetProperty("validationErrors").EnumerateArray().ToArray()).GetProperty("argumentName").GetString());
        var unknown = await SumAsync(new { firstNumber = 2, colour = "red" });
        Assert.Contains("'colour'", unknown.GetProperty("message").GetString(), StringComparison.Ordinal);
        var tooMany = await SumAsync(new object[] { "1", "2", "m", "red" });
        Assert.Contains("'red'", tooMany.GetProperty("message").GetString(), StringComparison.Ordinal);

        Task<JsonElement> SumAsync(object arguments) =>
            CallAsync(client, "ExecuteResourceCommandAsync", new { resourceName = "done", commandName = "sum", arguments });
    }

    private static Task<JsonElement> CallAsync(StreamJsonRpc.JsonRpc client, string method, object? request = null) =>
        client.InvokeWithCancellationAsync<JsonElement>(method, [request ?? new { }], DcpFixture.Deadline());
}
