using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class HealthChecks
{
    [Fact]
    public async Task Say_nothing_when_the_AppHost_is_disposed_without_being_stopped()
    {
        using var log = new RecordedLog();
        var going = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        var builder = TestApplication.Create();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        builder.Services.AddSingleton(new Goodbye(going));
        builder.Services.AddSingleton(services => new FirstToLeave(services.GetRequiredService<Goodbye>()));
        builder.Services.AddHealthChecks().AddAsyncCheck("maps-check", async () =>
        {
            asked.TrySetResult();
            await going.Task;
            return HealthCheckResult.Unhealthy();
        });
        builder.AddExternalService("maps", "https://maps.example.org").WithHealthCheck("maps-check");
        var app = builder.Build();
        await app.StartAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // Made last, so disposed first: while it goes, the provider gives out nothing any more, and the health is still watched.
        app.Services.GetRequiredService<FirstToLeave>();
        await app.DisposeAsync();
        Assert.DoesNotContain(log.Entries, entry => entry.Level >= LogLevel.Error);
    }

    private sealed class Goodbye(TaskCompletionSource going)
    {
        public void Say() => going.TrySetResult();
    }

    private sealed class FirstToLeave(Goodbye goodbye) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            goodbye.Say();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }
}
