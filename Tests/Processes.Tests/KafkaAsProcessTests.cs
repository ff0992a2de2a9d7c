using Confluent.Kafka;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>The mock of Kafka as a process of an AppHost. That it is no Kafka, and forgets, is part of what is promised.</summary>
public sealed class KafkaAsProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Becomes_healthy_carries_messages_says_that_it_is_a_mock_and_leaves_nothing_behind()
    {
        var builder = RunningApp.Builder(_folder);
        var stream = builder.AddKafka("stream").RunAsProcess();
        string servers;
        await using (var app = RunningApp.Start(builder, stream.Resource))
        {
            await app.HealthyAsync("stream");

            servers = (await ((IResourceWithConnectionString)stream.Resource).GetConnectionStringAsync())!;
            Assert.StartsWith("127.0.0.1:", servers, StringComparison.Ordinal);
            Assert.Equal("a message", await CarryAsync(servers, "a message"));
            await app.LogsAsync("everything in memory");
            var snapshot = await app.StateAsync("stream", state => state.Properties.Any(property => property.Name == "mock"));
            Assert.Contains("no Kafka", (string)snapshot.Properties.Single(property => property.Name == "mock").Value!, StringComparison.Ordinal);
            Mock(servers);
        }

        Assert.Empty(SystemProcess.Of($"KafkaMock --port {servers.Split(':')[1]}"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Killed_it_has_forgotten_everything_and_serves_again_when_it_is_started()
    {
        var builder = RunningApp.Builder(_folder);
        var stream = builder.AddKafka("stream").RunAsProcess();
        await using var app = RunningApp.Start(builder, stream.Resource);
        await app.HealthyAsync("stream");
        var servers = (await ((IResourceWithConnectionString)stream.Resource).GetConnectionStringAsync())!;
        await CarryAsync(servers, "before");

        SystemProcess.Signal(Mock(servers).Id, "KILL");
        await app.StateAsync("stream", snapshot => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text ?? ""));
        Assert.True((await app.App.ResourceCommands.ExecuteCommandAsync("stream", KnownResourceCommands.StartCommand)).Success);
        await app.HealthyAsync("stream");

        Assert.Equal("after", await CarryAsync(servers, "after"));
    }

    [Fact]
    public async Task Ends_when_its_launcher_is_killed()
    {
        var port = FreePort.Next();
        using var launcher = new LauncherProcess("run-kafka.sh", ["--server", BuiltPaths.KafkaMock!, "--port", $"{port}"]);
        await launcher.PrintsAsync("ready");

        SystemProcess.Signal(launcher.Id, "KILL");

        await Eventually.TrueAsync(() => SystemProcess.Of($"KafkaMock --port {port}").Length == 0, "The mock was still there");
    }

    [Theory]
    [InlineData(64, "Usage")]
    [InlineData(64, "Unknown argument", "--what")]
    [InlineData(69, "cannot be found", "--server", "/nowhere/mock", "--port", "1")]
    [InlineData(69, "not built", "--fail", "not built")]
    public async Task Refuses_what_it_does_not_understand_or_lacks(int code, string reason, params string[] arguments)
    {
        using var launcher = new LauncherProcess("run-kafka.sh", arguments);

        Assert.Equal(code, await launcher.ExitsAsync());
        await launcher.PrintsAsync(reason);
    }

    [Fact]
    public void Published_it_is_the_container_that_it_was()
    {
        var builder = DistributedApplication.CreateBuilder(["--operation", "publish", "--publisher", "manifest"]);

        var stream = builder.AddKafka("stream").RunAsProcess();

        Assert.Equal(["stream"], builder.Resources.Select(resource => resource.Name));
        Assert.Equal("confluentinc/confluent-local", Assert.Single(stream.Resource.Annotations.OfType<ContainerImageAnnotation>()).Image);
    }

    // Its launcher's command line holds its own.
    private static SystemProcess Mock(string servers) =>
        Assert.Single(SystemProcess.Of($"KafkaMock --port {servers.Split(':')[1]}"), process => !process.CommandLine.StartsWith("/bin/sh", StringComparison.Ordinal));

    /// <summary>Sends a message and reads the topic from its beginning.</summary>
    private static async Task<string> CarryAsync(string servers, string message)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = servers, Acks = Acks.All }).Build();
        await producer.ProduceAsync("events", new Message<Null, string> { Value = message });
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig { BootstrapServers = servers, GroupId = Guid.NewGuid().ToString() }).Build();
        consumer.Assign(Enumerable.Range(0, 16).Select(partition => new TopicPartitionOffset("events", partition, Offset.Beginning)).Take(await PartitionsAsync(servers)));
        return await Task.Run(() => consumer.Consume(TimeSpan.FromSeconds(20)).Message.Value);
    }

    private static async Task<int> PartitionsAsync(string servers)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        return await Task.Run(() => admin.GetMetadata("events", TimeSpan.FromSeconds(20)).Topics[0].Partitions.Count);
    }
}
