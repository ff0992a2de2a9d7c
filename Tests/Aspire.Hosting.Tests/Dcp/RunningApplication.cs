using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Dcp;

/// <summary>An application without a dashboard on the real engine; everything that it started ends with it.</summary>
internal sealed class RunningApplication(DistributedApplication application) : IAsyncDisposable
{
    public ResourceNotificationService Notifications => application.ResourceNotifications;

    public ResourceCommandService Commands => application.ResourceCommands;

    public IServiceProvider Services => application.Services;

    public static IDistributedApplicationBuilder CreateBuilder(params string[] arguments) =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = arguments,
            AssemblyName = typeof(RunningApplication).Assembly.GetName().Name,
            ProjectDirectory = Path.GetTempPath(),
            DisableDashboard = true,
        });

    public static async Task<RunningApplication> StartAsync(IDistributedApplicationBuilder builder)
    {
        var application = builder.Build();
        try
        {
            await application.StartAsync(DcpFixture.Deadline(60));
            return new RunningApplication(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <see cref="StartAsync"/>, for applications whose start waits for what the test does.</summary>
    public static RunningApplication StartInBackground(IDistributedApplicationBuilder builder)
    {
        var application = builder.Build();
        return new RunningApplication(application) { Starting = application.StartAsync(DcpFixture.Deadline(60)) };
    }

    public Task StopAsync() => application.StopAsync(DcpFixture.Deadline(40));

    public async Task<CustomResourceSnapshot> WaitForAsync(string resource, string state) =>
        (await Notifications.WaitForResourceAsync(resource, change => change.Snapshot.State?.Text == state, DcpFixture.Deadline())).Snapshot;

    /// <summary>The first lines of a resource's log, without their times.</summary>
    public async Task<IReadOnlyList<(string Text, bool IsError)>> ReadLogAsync(IResource resource, Func<IReadOnlyList<(string Text, bool IsError)>, bool> enough)
    {
        var lines = new List<(string Text, bool IsError)>();
        await foreach (var batch in Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(DcpFixture.Deadline()))
        {
            lines.AddRange(batch.Select(line => (line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..], line.IsErrorMessage)));
            if (enough(lines))
            {
                return lines;
            }
        }

        return lines;
    }

    public static int PidOf(CustomResourceSnapshot snapshot) =>
        (int)(long)snapshot.Properties.Single(property => property.Name == "executable.pid").Value!;

    private Task Starting { get; init; } = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(DcpFixture.Deadline(40));
        await Starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await application.DisposeAsync();
    }
}
