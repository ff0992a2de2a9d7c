using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Trellis.ServiceDefaults.Tests;

public sealed class RedactionTests
{
    private static readonly string Token = TestTokens.Mint("catalog.write");

    [Fact]
    public async Task No_personal_data_and_no_token_leaves_the_service_with_its_telemetry()
    {
        await using var collector = await Collector.StartAsync();
        await using var callee = await TestService.StartAsync(app => app.MapGet("/who/{id}", (string id) => "known").AllowAnonymous());
        var settings = collector.Settings;
        settings["Logging:LogLevel:Default"] = "Information";
        settings["Logging:LogLevel:Microsoft.AspNetCore"] = "Information";
        await using (var service = await TestService.StartAsync(
            app => app.MapGet("/users/{id}", async (string id, IHttpClientFactory clients, ILogger<RedactionTests> logger) =>
            {
                using (logger.BeginScope("For {User}", id))
                {
                    logger.LogInformation("Asked with {Authorization}", $"Bearer {Token}");
                    logger.LogError(new InvalidOperationException($"No mail for {id}; password=hunter22"), "Lost {Mail}", id);
                }

                return await clients.CreateClient().GetStringAsync($"{callee.App.Urls.First()}/who/{id}?access_token={Token}&mail={id}");
            }).AllowAnonymous(),
            settings: settings))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/users/ada@example.com?token=abc123secret&email=ada%40example.com");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            using var response = await service.Http.SendAsync(request);
            Assert.Equal("known", await response.Content.ReadAsStringAsync());
            await service.App.StopAsync();
        }

        await Eventually.TrueAsync(
            () => collector.Received("traces").Contains("url.full", StringComparison.Ordinal)
                && collector.Received("logs").Contains("Lost", StringComparison.Ordinal)
                && collector.Received("metrics").Contains("http.server.request.duration", StringComparison.Ordinal),
            "All signals");
        foreach (var signal in new[] { "traces", "logs", "metrics" })
        {
            foreach (var secret in new[] { "ada@example", "ada%40example", "abc123secret", "hunter22", Token })
            {
                Assert.DoesNotContain(secret, collector.Received(signal), StringComparison.OrdinalIgnoreCase);
            }
        }

        Assert.Contains("/users/[email]", collector.Received("traces"), StringComparison.Ordinal);
        Assert.Contains("Lost [email]", collector.Received("logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_texts_made_to_slow_the_search_down_do_not()
    {
        await using var service = await TestService.StartAsync(
            configure: builder => builder.Logging.AddConsole(console => console.FormatterName = "json-lines"));
        var logger = service.App.Services.GetRequiredService<ILogger<RedactionTests>>();
        var texts = new[] { new string('a', 200_000) + "@", "bearer " + new string('a', 200_000), string.Concat(Enumerable.Repeat("a@", 100_000)), "eyJ" + new string('a', 200_000) + "=" };
        var clock = System.Diagnostics.Stopwatch.StartNew();

        foreach (var text in texts)
        {
            logger.LogWarning("{Text}", text);
        }

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }
}
