using System.Diagnostics;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Dcp;

/// <summary>Containers on the machine's own container engine.</summary>
public sealed class ContainerTests : IDisposable
{
    /// <summary>As process 1 a shell ignores SIGTERM unless it is told what to do with it.</summary>
    private const string Obeys = "trap 'exit 0' TERM; ";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ContainerFact]
    public async Task A_container_gets_its_environment_arguments_and_files_and_answers_on_its_endpoint()
    {
        await File.WriteAllTextAsync(_folder["index.html"], "from the host");
        var builder = RunningApplication.CreateBuilder();
        var site = Shell(builder, "site", "echo \"$GREETING\"; /bin/busybox cat /etc/site/site.conf; echo oops >&2; /bin/busybox httpd -p 8080 -h /www")
            .WithHttpEndpoint(targetPort: 8080)
            .WithBindMount(_folder.Path, "/www", isReadOnly: true)
            .WithContainerFiles("/etc/site", [new ContainerFile { Name = "site.conf", Contents = "copied\n" }])
            .WithEnvironment("GREETING", "a {{ .Name }} \"b\"");
        await using var running = await RunningApplication.StartAsync(builder);

        var snapshot = await running.WaitForAsync("site", KnownResourceStates.Running);
        using var client = new HttpClient { BaseAddress = new Uri(site.GetEndpoint("http").Url) };
        Assert.Equal("from the host", await AnswerAsync(client, "/index.html"));

        var log = await running.ReadLogAsync(site.Resource, lines => lines.Count(line => line.Text is "copied" or "oops") == 2);
        Assert.Contains(("a {{ .Name }} \"b\"", false), log);
        Assert.Contains(("oops", true), log);
        Assert.Equal(ContainerEngine.Image, snapshot.Properties.Single(property => property.Name == "container.image").Value);
        Assert.Equal([8080], (IEnumerable<int>)snapshot.Properties.Single(property => property.Name == "container.ports").Value!);
        Assert.Equal([new VolumeSnapshot(_folder.Path, "/www", "bind", IsReadOnly: true)], snapshot.Volumes.AsEnumerable());
        Assert.Contains(new EnvironmentVariableSnapshot("GREETING", "a {{ .Name }} \"b\"", IsFromSpec: true), snapshot.EnvironmentVariables);
    }

    [ContainerFact]
    public async Task Without_a_proxy_the_port_itself_is_published()
    {
        var builder = RunningApplication.CreateBuilder();
        var port = ClosedPort.Get();
        var site = Shell(builder, "site", "/bin/busybox mkdir -p /www; echo published > /www/index.html; /bin/busybox httpd -p 8080 -h /www")
            .WithHttpEndpoint(port, targetPort: 8080)
            .WithEndpointProxySupport(proxyEnabled: false);
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("site", KnownResourceStates.Running);
        using var client = new HttpClient { BaseAddress = new Uri(site.GetEndpoint("http").Url) };

        Assert.Equal(port, site.GetEndpoint("http").Port);
        Assert.Equal("published\n", await AnswerAsync(client, "/index.html"));
    }

    [ContainerFact]
    public async Task Containers_are_told_where_others_are_inside_their_network_as_in_Microsofts_package()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = Shell(builder, "server", "").WithHttpEndpoint(targetPort: 8080).WithContainerNetworkAlias("depot");
        var client = Shell(builder, "client", "echo \"$URL\"").WithEnvironment("URL", server.GetEndpoint("http"));
        var process = builder.AddExecutable("process", "/bin/sh", ".", "-c", "echo \"$URL\"; exec sleep 60").WithEnvironment("URL", server.GetEndpoint("http"));
        await using var running = await RunningApplication.StartAsync(builder);

        Assert.Equal("http://server.dev.internal:8080", (await running.ReadLogAsync(client.Resource, lines => lines.Any(IsUrl))).First(IsUrl).Text);
        Assert.Equal(server.GetEndpoint("http").Url, (await running.ReadLogAsync(process.Resource, lines => lines.Any(IsUrl))).First(IsUrl).Text);
        await running.WaitForAsync("server", KnownResourceStates.Running);
        var aliases = ContainerEngine.Run("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.Aliases}}{{end}}", server.Resource.GetInstanceIds()[0]);
        Assert.Contains("server.dev.internal", aliases, StringComparison.Ordinal);
        Assert.Contains("depot", aliases, StringComparison.Ordinal);
    }

    [ContainerFact]
    public async Task Can_be_stopped_and_started_again_by_command()
    {
        var builder = RunningApplication.CreateBuilder();
        Shell(builder, "worker", "echo started");
        await using var running = await RunningApplication.StartAsync(builder);
        var first = (await running.WaitForAsync("worker", KnownResourceStates.Running)).Properties.Single(property => property.Name == "container.id").Value;

        Assert.True((await running.Commands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, DcpFixture.Deadline(40))).Success);
        await running.WaitForAsync("worker", KnownResourceStates.Exited);
        Assert.True((await running.Commands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, DcpFixture.Deadline(40))).Success);

        var second = (await running.WaitForAsync("worker", KnownResourceStates.Running)).Properties.Single(property => property.Name == "container.id").Value;
        Assert.NotEqual(first, second);
    }

    [ContainerFact]
    public async Task One_that_is_killed_is_Exited_with_its_exit_code()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = Shell(builder, "worker", "echo started");
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("worker", KnownResourceStates.Running);

        ContainerEngine.Run("kill", "--signal", "KILL", worker.Resource.GetInstanceIds()[0]);

        Assert.Equal(137, (await running.WaitForAsync("worker", KnownResourceStates.Exited)).ExitCode);
    }

    [ContainerFact]
    public async Task An_image_is_built_from_its_Dockerfile_with_arguments_and_a_stage()
    {
        ContainerEngine.PrepareBuild(_folder.Path, "FROM scratch AS base\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\nARG WORD\nENV WORD=$WORD\nFROM base AS last\nENV WORD=wrong\n");
        var builder = RunningApplication.CreateBuilder();
        var word = builder.AddParameter("word", "built");
        var built = builder.AddDockerfile("built", _folder.Path, stage: "base").WithBuildArg("WORD", word).WithEntrypoint("/bin/sh").WithArgs("-c", "echo \"word: $WORD\"");
        await using var running = await RunningApplication.StartAsync(builder);
        try
        {
            var log = await running.ReadLogAsync(built.Resource, lines => lines.Any(line => line.Text.StartsWith("word:", StringComparison.Ordinal)));

            Assert.Equal("word: built", log.Single(line => line.Text.StartsWith("word:", StringComparison.Ordinal)).Text);
            Assert.Equal(0, (await running.WaitForAsync("built", KnownResourceStates.Exited)).ExitCode);
        }
        finally
        {
            await running.StopAsync();
            built.Resource.TryGetContainerImageName(out var image);
            ContainerEngine.Run("rmi", "--force", image!);
        }
    }

    [ContainerFact]
    public async Task A_named_volume_outlives_its_container_and_nothing_else_does()
    {
        var volume = DcpFixture.Unique("trellis-test");
        try
        {
            var (id, network) = await RunOnceAsync("echo kept > /data/file");
            Assert.DoesNotContain(id, ContainerEngine.Run("ps", "--all", "--format", "{{.Names}}"), StringComparison.Ordinal);
            Assert.DoesNotContain(network, ContainerEngine.Run("network", "ls", "--format", "{{.Name}}"), StringComparison.Ordinal);

            await RunOnceAsync("/bin/busybox grep kept /data/file", expected: "kept");
        }
        finally
        {
            ContainerEngine.Run("volume", "rm", "--force", volume);
        }

        async Task<(string Id, string Network)> RunOnceAsync(string script, string? expected = null)
        {
            var builder = RunningApplication.CreateBuilder();
            var worker = Shell(builder, "worker", script + "; echo done").WithVolume(volume, "/data");
            await using var running = await RunningApplication.StartAsync(builder);
            var log = await running.ReadLogAsync(worker.Resource, lines => lines.Any(line => line.Text == "done"));
            Assert.True(expected is null || log.Any(line => line.Text == expected));
            var id = worker.Resource.GetInstanceIds()[0];
            return (id, ContainerEngine.Run("inspect", "--format", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}", id).Trim());
        }
    }

    [ContainerFact]
    public async Task A_persistent_container_is_found_again_by_the_next_run()
    {
        var name = DcpFixture.Unique("Trellis_Test");
        string? network = null;
        try
        {
            var first = await RunAsync();
            Assert.Equal("true", ContainerEngine.Run("inspect", "--format", "{{.State.Running}}", name).Trim());

            Assert.Equal(first, await RunAsync());
        }
        finally
        {
            ContainerEngine.Run("rm", "--force", name);
            if (network is not null && ContainerEngine.Run("network", "ls", "--format", "{{.Name}}").Contains(network, StringComparison.Ordinal))
            {
                ContainerEngine.Run("network", "rm", network);
            }
        }

        async Task<object?> RunAsync()
        {
            var builder = RunningApplication.CreateBuilder();
            Shell(builder, "worker", "echo started").WithLifetime(ContainerLifetime.Persistent).WithContainerName(name);
            await using var running = await RunningApplication.StartAsync(builder);
            var snapshot = await running.WaitForAsync("worker", KnownResourceStates.Running);
            network = ContainerEngine.Run("inspect", "--format", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}", name).Trim();
            Assert.Equal(ContainerLifetime.Persistent, snapshot.Properties.Single(property => property.Name == "container.lifetime").Value);
            return snapshot.Properties.Single(property => property.Name == "container.id").Value;
        }
    }

    [ContainerFact]
    public async Task Nothing_is_left_when_the_AppHost_is_killed()
    {
        using var appHost = Process.Start("/bin/sleep", "600");
        var builder = RunningApplication.CreateBuilder();
        builder.Services.Configure<DcpOptions>(options => options.MonitoredProcessId = appHost.Id);
        var worker = Shell(builder, "worker", "echo started");
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("worker", KnownResourceStates.Running);
        var id = worker.Resource.GetInstanceIds()[0];

        appHost.Kill();

        var deadline = DcpFixture.Deadline(60);
        await DcpWaiting.UntilAsync(() => !ContainerEngine.Run("ps", "--all", "--format", "{{.Names}}").Contains(id, StringComparison.Ordinal), deadline);
    }

    [ContainerFact]
    public async Task One_that_cannot_start_says_why_and_the_others_go_on()
    {
        var builder = RunningApplication.CreateBuilder();
        var missing = builder.AddContainer("missing", "localhost/trellis-test-no-such-image:1").WithImagePullPolicy(ImagePullPolicy.Never);
        var template = Shell(builder, "template", "echo '{{ .Name }}'");
        var unbuilt = builder.AddDockerfile("unbuilt", _folder.Path, "No.Dockerfile");
        Shell(builder, "worker", "echo started");
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("worker", KnownResourceStates.Running);
        await running.WaitForAsync("missing", KnownResourceStates.FailedToStart);
        await running.WaitForAsync("unbuilt", KnownResourceStates.FailedToStart);
        await running.WaitForAsync("template", KnownResourceStates.FailedToStart);
        await running.ReadLogAsync(template.Resource, lines => lines.Any(line => line.Text.Contains("environment variable", StringComparison.Ordinal)));
        await running.ReadLogAsync(missing.Resource, lines => lines.Any(line => line.Text.Contains("no-such-image", StringComparison.Ordinal)));
        await running.ReadLogAsync(unbuilt.Resource, lines => lines.Any(line => line.Text.Contains("No.Dockerfile", StringComparison.Ordinal)));
    }

    private static bool IsUrl((string Text, bool IsError) line) => line.Text.StartsWith("http", StringComparison.Ordinal);

    /// <summary>A container that runs a script and then waits until it is told to end.</summary>
    private static IResourceBuilder<ContainerResource> Shell(IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddContainer(name, ContainerEngine.Image)
            .WithEntrypoint("/bin/sh")
            .WithArgs("-c", $"{Obeys}{(script.Length == 0 ? ":" : script.TrimEnd())}; while :; do /bin/busybox sleep 0.1; done");

    // The proxy is there before what it stands for: until then it closes connections.
    private static async Task<string> AnswerAsync(HttpClient client, string path)
    {
        var deadline = DcpFixture.Deadline(30);
        while (true)
        {
            try
            {
                return await client.GetStringAsync(new Uri(path, UriKind.Relative), deadline);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, deadline);
            }
        }
    }
}
