using System.Net;

namespace Trellis.Gateway.Tests;

public sealed class DiscoveryTests
{
    [Fact]
    public async Task A_reference_in_the_environment_becomes_a_route()
    {
        await using var catalog = await Backend.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync([], new() { ["services__catalog__http__0"] = catalog.Address });

        using var response = await gateway.Http.GetAsync("/api/catalog/products");

        Assert.Equal("/api/catalog/products", (await response.SeenAsync()).Target);
    }

    [Fact]
    public async Task A_service_can_be_served_at_a_path_of_its_own()
    {
        await using var identity = await Backend.StartAsync("identity");
        await using var gateway = await GatewayProcess.StartAsync(
            new() { ["identity"] = [identity.Address] },
            new() { ["Gateway__Paths__identity"] = "/identity" });

        using var response = await gateway.Http.GetAsync("/identity/connect/token");
        using var elsewhere = await gateway.Http.GetAsync("/api/identity/connect/token");

        Assert.Equal("/identity/connect/token", (await response.SeenAsync()).Target);
        await elsewhere.ProblemAsync(404);
    }

    [Fact]
    public async Task Requests_are_spread_over_the_instances_of_a_service()
    {
        await using var one = await Backend.StartAsync("one");
        await using var two = await Backend.StartAsync("two");
        await using var gateway = await GatewayProcess.StartAsync(new() { ["catalog"] = [one.Address, two.Address] });

        var seen = new HashSet<string>(StringComparer.Ordinal);
        await Answers.EventuallyAsync(
            async () => seen.Add(await BackendAsync(gateway)) | seen.Count == 2,
            "both instances were asked");
    }

    [Fact]
    public async Task An_instance_that_died_is_left_out_and_comes_back()
    {
        await using var one = await Backend.StartAsync("one");
        var two = await Backend.StartAsync("two");
        await using var gateway = await GatewayProcess.StartAsync(new() { ["catalog"] = [one.Address, two.Address] });
        await Answers.EventuallyAsync(async () => await BackendAsync(gateway) == "two", "the second instance was asked");

        var port = two.Port;
        await two.DisposeAsync();
        // Thirty answers in a row: half of them would fail if the dead instance were still asked.
        var inARow = 0;
        await Answers.EventuallyAsync(
            async () =>
            {
                using var response = await gateway.Http.GetAsync("/api/catalog/products");
                inARow = response.StatusCode == HttpStatusCode.OK ? inARow + 1 : 0;
                return inARow == 30;
            },
            "the dead instance is left out");

        await using var again = await Backend.StartAsync("two", port);
        await Answers.EventuallyAsync(async () => await BackendAsync(gateway) == "two", "the second instance came back");
    }

    [Fact]
    public async Task A_service_that_is_down_is_a_problem_until_it_is_back()
    {
        var catalog = await Backend.StartAsync();
        var port = catalog.Port;
        await using var gateway = await GatewayProcess.StartAsync(new() { ["catalog"] = [catalog.Address] });
        Assert.Equal("catalog", await BackendAsync(gateway));

        await catalog.DisposeAsync();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            using var down = await gateway.Http.GetAsync("/api/catalog/products");
            var problem = await down.ProblemAsync(502, 503);
            Assert.Contains("catalog", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain(port.ToString(), problem.GetRawText(), StringComparison.Ordinal);
        }

        await using var again = await Backend.StartAsync(port: port);
        using var back = await gateway.Http.GetAsync("/api/catalog/products");
        await back.SeenAsync();
    }

    [Fact]
    public async Task A_service_without_an_instance_is_a_problem()
    {
        await using var gateway = await GatewayProcess.StartAsync(new() { ["catalog"] = [""] });

        using var response = await gateway.Http.GetAsync("/api/catalog/products");

        var problem = await response.ProblemAsync(503);
        Assert.Contains("catalog", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follows_services_that_move_appear_and_go()
    {
        await using var one = await Backend.StartAsync("one");
        await using var two = await Backend.StartAsync("two");
        await using var gateway = await GatewayProcess.StartAsync(new() { ["catalog"] = [one.Address] });
        Assert.Equal("one", await BackendAsync(gateway));

        gateway.Refer(new() { ["catalog"] = [two.Address], ["ordering"] = [one.Address] });
        await Answers.EventuallyAsync(async () => await BackendAsync(gateway) == "two", "the service moved");

        // YARP takes new destinations before new routes.
        await Answers.EventuallyAsync(async () => await IsAsync(gateway, "/api/ordering/orders", HttpStatusCode.OK), "the new service is there");
        Assert.Equal("one", await BackendAsync(gateway, "/api/ordering/orders"));

        gateway.Refer(new() { ["ordering"] = [one.Address] });
        await Answers.EventuallyAsync(async () => await IsAsync(gateway, "/api/catalog/products", HttpStatusCode.NotFound), "the service is gone");
    }

    private static async Task<bool> IsAsync(GatewayProcess gateway, string path, HttpStatusCode expected)
    {
        using var response = await gateway.Http.GetAsync(path);
        return response.StatusCode == expected;
    }

    private static async Task<string> BackendAsync(GatewayProcess gateway, string path = "/api/catalog/products")
    {
        using var response = await gateway.Http.GetAsync(path);
        return (await response.SeenAsync()).Backend;
    }
}
