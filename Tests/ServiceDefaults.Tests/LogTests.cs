using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Trellis.ServiceDefaults.Tests;

public sealed class LogTests
{
    [Fact]
    public async Task Outside_development_every_line_is_one_json_object_with_all_there_is_to_know()
    {
        await using var service = await ServiceProcess.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/log");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        await service.Http.SendAsync(request);
        await Eventually.TrueAsync(() => service.Lines.Any(line => line.Contains("Sample.Orders", StringComparison.Ordinal)), "The line");

        var entries = service.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        Assert.All(entries, entry => Assert.True(entry.GetProperty("timestamp").GetDateTimeOffset().Offset == TimeSpan.Zero));
        var entry = Assert.Single(entries, entry => entry.GetProperty("category").GetString() == "Sample.Orders");
        Assert.Equal("Warning", entry.GetProperty("level").GetString());
        Assert.Equal(42, entry.GetProperty("event_id").GetInt32());
        Assert.Equal("Placed", entry.GetProperty("event_name").GetString());
        Assert.Equal("Placed 3 for \"Ada\nLovelace\"", entry.GetProperty("message").GetString());
        Assert.Equal("Placed {Count} for \"{Who}\"", entry.GetProperty("template").GetString());
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", entry.GetProperty("trace_id").GetString());
        Assert.Equal(16, entry.GetProperty("span_id").GetString()!.Length);
        Assert.Equal(3, entry.GetProperty("attributes").GetProperty("Count").GetInt32());
        Assert.Equal("north", entry.GetProperty("scope").GetProperty("tenant").GetString());
        Assert.Equal(17, entry.GetProperty("scope").GetProperty("OrderId").GetInt32());
        Assert.Equal("/log", entry.GetProperty("scope").GetProperty("RequestPath").GetString());
        Assert.Contains("InvalidOperationException: two\nlines", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_development_the_log_is_for_people()
    {
        await using var service = await ServiceProcess.StartAsync(new() { ["ASPNETCORE_ENVIRONMENT"] = "Development" });
        await service.Http.GetAsync("/log");

        await Eventually.TrueAsync(() => service.Lines.Any(line => line.Contains("warn: Sample.Orders[42]", StringComparison.Ordinal)), "The line");
    }

    [Theory]
    [InlineData("System.Net.Http.HttpClient.catalog.LogicalHandler")]
    [InlineData("Microsoft.EntityFrameworkCore.Database.Command")]
    [InlineData("Npgsql.Command")]
    public async Task A_call_or_a_query_that_goes_well_is_no_line_unless_somebody_wants_it(string category)
    {
        await using var quiet = await TestService.StartAsync();
        await using var loud = await TestService.StartAsync(settings: new() { [$"Logging:LogLevel:{category}"] = "Information" });

        Assert.False(LoggerOf(quiet).IsEnabled(LogLevel.Information));
        Assert.True(LoggerOf(quiet).IsEnabled(LogLevel.Warning));
        Assert.True(LoggerOf(loud).IsEnabled(LogLevel.Information));

        ILogger LoggerOf(TestService service) => service.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
    }

    [Fact]
    public async Task A_request_is_no_line_unless_somebody_wants_it()
    {
        await using var quiet = await ServiceProcess.StartAsync();
        await using var loud = await ServiceProcess.StartAsync(new() { ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information" });
        foreach (var service in new[] { quiet, loud })
        {
            await service.Http.GetAsync("/items/1");
            await service.Http.GetAsync("/log");
            await Eventually.TrueAsync(() => service.Lines.Any(line => line.Contains("Sample.Orders", StringComparison.Ordinal)), "The line");
        }

        Assert.DoesNotContain(quiet.Lines, line => line.Contains("/items/1", StringComparison.Ordinal));
        Assert.Contains(loud.Lines, line => line.Contains("/items/1", StringComparison.Ordinal));
    }
}
