using System.Net.Http.Json;

namespace Trellis.ServiceDefaults.Tests;

public sealed class ValidationTests
{
    [Fact]
    public async Task A_service_with_the_defaults_validates_bodies_what_is_in_them_and_parameters()
    {
        await using var service = await ServiceProcess.StartAsync();

        using var good = await service.Http.PostAsJsonAsync("/orders?copies=2", new { product = "lamp", quantity = 3, to = new { country = "AT" } });
        using var bad = await service.Http.PostAsJsonAsync("/orders?copies=11", new { product = new string('x', 21), quantity = 0, to = new { country = "Austria" } });

        Assert.True(good.IsSuccessStatusCode);
        var problem = await TestService.ReadProblemAsync(bad, 400);
        Assert.Equal(
            ["copies", "product", "quantity", "to.country"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name.ToLowerInvariant()).Order(StringComparer.Ordinal));
    }
}
