using Google.Protobuf.WellKnownTypes;
using HealthStatus = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;

namespace Aspire.Hosting.Dashboard;

public sealed class ResourceMessageTests
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Tells_all_that_the_snapshot_holds()
    {
        var message = From(new CustomResourceSnapshot
        {
            ResourceType = "Project",
            State = new ResourceStateSnapshot("Running", "success"),
            CreationTimeStamp = Noon,
            StartTimeStamp = Noon.AddSeconds(1),
            StopTimeStamp = Noon.AddSeconds(2),
            ExitCode = 3,
            IsHidden = true,
            Properties =
            [
                new("project.path", "/src/Catalog.csproj"),
                new("executable.pid", 42),
                new("secret", "hush") { IsSensitive = true },
                new("container.ports", new[] { 80, 81 }),
                new("nothing", null),
            ],
            EnvironmentVariables = [new("A", "1", IsFromSpec: true), new("B", null, IsFromSpec: false)],
            Urls =
            [
                new("http", "http://localhost:5000", IsInternal: false) { DisplayProperties = new("API", 7) },
                new(null, "http://localhost:5001", IsInternal: true) { IsInactive = true },
            ],
            Volumes = [new("data", "/var/lib", "volume", IsReadOnly: true)],
            Relationships = [new("postgres", "Parent"), new("cache", "Reference")],
            Commands = [new("stop", ResourceCommandState.Disabled, "Stop", "Stops it", null, "Sure?", "Stop", IconVariant.Filled, IsHighlighted: true)],
        });

        Assert.Equal(("catalog-1", "catalog-1", "catalog", "Project"), (message.Name, message.Uid, message.DisplayName, message.ResourceType));
        Assert.Equal(("Running", "success"), (message.State, message.StateStyle));
        Assert.True(message.IsHidden);
        Assert.Equal([Noon, Noon.AddSeconds(1), Noon.AddSeconds(2)], [message.CreatedAt.ToDateTime(), message.StartedAt.ToDateTime(), message.StoppedAt.ToDateTime()]);

        Assert.Equal(Value.ForString("/src/Catalog.csproj"), Property(message, "project.path").Value);
        Assert.Equal(Value.ForNumber(42), Property(message, "executable.pid").Value);
        Assert.Equal(Value.ForList(Value.ForNumber(80), Value.ForNumber(81)), Property(message, "container.ports").Value);
        Assert.Equal(Value.ForNull(), Property(message, "nothing").Value);
        Assert.Equal(Value.ForString("3"), Property(message, "resource.exitCode").Value);
        Assert.True(Property(message, "secret").IsSensitive);
        Assert.False(Property(message, "project.path").IsSensitive);

        Assert.Equal(
            [new Wire.EnvironmentVariable { Name = "A", Value = "1", IsFromSpec = true }, new Wire.EnvironmentVariable { Name = "B", Value = "", IsFromSpec = false }],
            message.Environment);
        Assert.Equal(
            [
                new Wire.Url
                {
                    EndpointName = "http",
                    FullUrl = "http://localhost:5000",
                    DisplayProperties = new Wire.UrlDisplayProperties { DisplayName = "API", SortOrder = 7 },
                },
                new Wire.Url
                {
                    EndpointName = "",
                    FullUrl = "http://localhost:5001",
                    IsInternal = true,
                    IsInactive = true,
                    DisplayProperties = new Wire.UrlDisplayProperties(),
                },
            ],
            message.Urls);
        Assert.Equal([new Wire.Volume { Source = "data", Target = "/var/lib", MountType = "volume", IsReadOnly = true }], message.Volumes);
        Assert.Equal(
            [new Wire.ResourceRelationship { ResourceName = "postgres", Type = "Parent" }, new Wire.ResourceRelationship { ResourceName = "cache", Type = "Reference" }],
            message.Relationships);

        var command = Assert.Single(message.Commands);
        Assert.Equal(("stop", "Stop", "Stops it", "Sure?"), (command.Name, command.DisplayName, command.DisplayDescription, command.ConfirmationMessage));
        Assert.Equal((Wire.ResourceCommandState.Disabled, Wire.IconVariant.Filled, true), (command.State, command.IconVariant, command.IsHighlighted));
    }

    [Fact]
    public void Sends_the_result_of_every_health_check_and_none_for_one_that_has_not_run()
    {
        var message = From(new CustomResourceSnapshot
        {
            ResourceType = "Project",
            Properties = [],
            State = "Running",
            HealthReports =
            [
                new("fine", HealthStatus.Healthy, "all good", null) { LastRunAt = Noon },
                new("so-so", HealthStatus.Degraded, null, null),
                new("bad", HealthStatus.Unhealthy, "down", "System.Exception: no"),
                new("new", null, null, null),
            ],
        });

        Assert.Equal(["fine", "so-so", "bad", "new"], message.HealthReports.Select(report => report.Key));
        Assert.Equal(
            [Wire.HealthStatus.Healthy, Wire.HealthStatus.Degraded, Wire.HealthStatus.Unhealthy],
            message.HealthReports.Take(3).Select(report => report.Status));
        Assert.True(message.HealthReports[0].HasStatus);
        Assert.False(message.HealthReports[3].HasStatus);
        Assert.Equal(("all good", Noon), (message.HealthReports[0].Description, message.HealthReports[0].LastRunAt.ToDateTime()));
        Assert.Equal("System.Exception: no", message.HealthReports[2].Exception);
        Assert.Equal(Value.ForString("Unhealthy"), Property(message, "resource.healthState").Value);
    }

    [Fact]
    public void A_resource_without_a_state_or_times_is_shown_from_when_it_was_first_seen()
    {
        var message = From(new CustomResourceSnapshot { ResourceType = "Parameter", Properties = [] });

        Assert.Equal("", message.State);
        Assert.Equal(Noon, message.CreatedAt.ToDateTime());
        Assert.Null(message.StartedAt);
        Assert.Equal(Value.ForNull(), Property(message, "resource.startTime").Value);
    }

    [Fact]
    public async Task A_resource_has_the_icon_that_its_author_chose()
    {
        var builder = Aspire.Hosting.Tests.Dcp.RunningApplication.CreateBuilder();
        builder.AddExternalService("maps", "https://maps.example.org/").WithIconName("Map", IconVariant.Regular);
        await using var running = await Aspire.Hosting.Tests.Dcp.RunningApplication.StartAsync(builder);
        Assert.True(running.Notifications.TryGetCurrentState("maps", out var current));

        var message = ResourceMessage.From(current, TimeProvider.System.GetUtcNow().UtcDateTime);

        Assert.Equal(("Map", Wire.IconVariant.Regular), (message.IconName, message.IconVariant));
    }

    [Fact]
    public void A_child_names_the_instance_that_it_is_shown_under()
    {
        var server = new ExecutableResource("postgres", "postgres", "/");
        server.Annotations.Add(new ResourceInstancesAnnotation("postgres-abc"));
        var child = new ExecutableResource("worker", "worker", "/");
        child.Annotations.Add(new ResourceRelationshipAnnotation(server, "Parent"));
        var snapshot = new CustomResourceSnapshot { ResourceType = "Executable", Properties = [] };

        var message = ResourceMessage.From(new ResourceEvent(child, "worker", snapshot), firstSeen: Noon);

        Assert.Equal(Value.ForString("postgres-abc"), Property(message, "resource.parentName").Value);
        Assert.DoesNotContain(From(snapshot).Properties, property => property.Name == "resource.parentName");
    }

    private static Wire.Resource From(CustomResourceSnapshot snapshot) =>
        ResourceMessage.From(new ResourceEvent(new ExecutableResource("catalog", "catalog", "/"), "catalog-1", snapshot), firstSeen: Noon);

    private static Wire.ResourceProperty Property(Wire.Resource message, string name) =>
        Assert.Single(message.Properties, property => property.Name == name);
}
