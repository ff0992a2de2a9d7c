using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Tests.Dcp;

public sealed class DcpResourceEngineTests
{
    private static readonly string[] PrintsItsArguments = ["-c", "for a in \"$@\"; do echo \"<$a>\"; done", "sh"];

    [Fact]
    public async Task Values_reach_the_process_as_the_AppHost_wrote_them()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sh", ".", "-c", "printf '%s\\n' \"$QUOTES\" \"$BRACES\" \"$DOLLAR\" \"$INSTANCE\"; exec sleep 60")
            .WithEnvironment("QUOTES", "a \"b\" 'c' \\ d")
            .WithEnvironment("BRACES", "{{ .Name }} { {{{ }} {{portFor \"nothing\"}}")
            .WithEnvironment("DOLLAR", "$HOME `id`")
            .WithEnvironment(context => context.EnvironmentVariables["INSTANCE"] = new DcpTemplate("id={{- .Name -}}"));
        await using var running = await RunningApplication.StartAsync(builder);

        var log = await running.ReadLogAsync(worker.Resource, lines => lines.Count >= 4);

        Assert.Equal(
            ["a \"b\" 'c' \\ d", "{{ .Name }} { {{{ }} {{portFor \"nothing\"}}", "$HOME `id`", "id=" + worker.Resource.GetInstanceIds()[0]],
            log.Select(line => line.Text));
        var snapshot = await running.WaitForAsync("worker", KnownResourceStates.Running);
        Assert.Contains(new EnvironmentVariableSnapshot("DOLLAR", "$HOME `id`", IsFromSpec: true), snapshot.EnvironmentVariables);
        Assert.Contains(snapshot.EnvironmentVariables, variable => variable is { Name: "PATH", IsFromSpec: false });
    }

    [Fact]
    public async Task Arguments_reach_the_process_one_by_one()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sh", ".", PrintsItsArguments).WithArgs("two words", "", "{{x}}", "--flag=\"q\"");
        await using var running = await RunningApplication.StartAsync(builder);

        var log = await running.ReadLogAsync(worker.Resource, lines => lines.Count >= 4);

        Assert.Equal(["<two words>", "<>", "<{{x}}>", "<--flag=\"q\">"], log.Select(line => line.Text));
    }

    [Fact]
    public async Task A_parameter_can_be_handed_over_as_AddParameter_returns_it_as_in_Microsofts_package()
    {
        var builder = RunningApplication.CreateBuilder("--Parameters:level=high");
        var level = builder.AddParameter("level");
        var worker = builder.AddExecutable("worker", "/bin/sh", ".", "-c", "echo \"$1 $LEVEL\"; exec sleep 60", "sh", level)
            .WithEnvironment(context => context.EnvironmentVariables["LEVEL"] = level);
        await using var running = await RunningApplication.StartAsync(builder);

        Assert.Equal("high high", (await running.ReadLogAsync(worker.Resource, lines => lines.Count > 0))[0].Text);
    }

    [Fact]
    public async Task The_dashboard_is_told_which_arguments_hold_a_secret_as_in_Microsofts_package()
    {
        var builder = RunningApplication.CreateBuilder("--Parameters:level=high", "--Parameters:key=s3cret");
        var (level, key) = (builder.AddParameter("level"), builder.AddParameter("key", secret: true));
        builder.AddExecutable("worker", "/bin/sleep", ".", "60").WithArgs(context =>
        {
            context.Args.Clear();
            context.Args.Add("60.1");
            context.Args.Add(ReferenceExpression.Create($"--level={level}"));
            context.Args.Add(ReferenceExpression.Create($"--key={key}"));
        });
        await using var running = await RunningApplication.StartAsync(builder);

        var snapshot = (await running.Notifications.WaitForResourceAsync(
            "worker", change => change.Snapshot.Properties.Any(property => property.Name == "resource.appArgs"), DcpFixture.Deadline())).Snapshot;

        var arguments = snapshot.Properties.Single(property => property.Name == "resource.appArgs");
        Assert.True(arguments.IsSensitive);
        Assert.Equal(["60.1", "--level=high", "--key=s3cret"], Assert.IsType<string[]>(arguments.Value));
        Assert.Equal([0, 0, 1], Assert.IsType<int[]>(snapshot.Properties.Single(property => property.Name == "resource.appArgsSensitivity").Value));
    }

    [Fact]
    public async Task A_process_is_told_its_port_and_others_are_told_the_address_of_the_proxy()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "echo \"$PORT\"; exec sleep 60").WithHttpEndpoint(env: "PORT");
        var client = builder.AddExecutable("client", "/bin/sh", ".", "-c", "echo \"$URL\"; exec sleep 60").WithEnvironment("URL", server.GetEndpoint("http"));
        await using var running = await RunningApplication.StartAsync(builder);

        var port = int.Parse((await running.ReadLogAsync(server.Resource, lines => lines.Count > 0))[0].Text);
        var url = (await running.ReadLogAsync(client.Resource, lines => lines.Count > 0))[0].Text;

        var allocated = server.GetEndpoint("http").Port;
        Assert.InRange(port, 1, 65535);
        Assert.NotEqual(allocated, port);
        Assert.Equal($"http://localhost:{allocated}", url);
        var shown = await running.WaitForAsync("server", KnownResourceStates.Running);
        Assert.Equal([("http", url, false)], shown.Urls.Select(shownUrl => (shownUrl.Name, shownUrl.Url, shownUrl.IsInactive)));
    }

    [Fact]
    public async Task Without_a_proxy_the_process_listens_on_the_port_that_clients_use()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "echo \"$PORT\"; exec sleep 60").WithHttpEndpoint(env: "PORT", isProxied: false);
        await using var running = await RunningApplication.StartAsync(builder);

        var log = await running.ReadLogAsync(server.Resource, lines => lines.Count > 0);

        Assert.Equal(server.GetEndpoint("http").Port.ToString(), log[0].Text);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "localhost")]
    [InlineData("localhost", "localhost")]
    public async Task An_endpoint_is_reached_on_the_host_that_it_names(string host, string reached)
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "exec sleep 60").WithHttpEndpoint(env: "PORT");
        server.Resource.Annotations.OfType<EndpointAnnotation>().Single().TargetHost = host;
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("server", KnownResourceStates.Running);

        using var client = new TcpClient();
        await client.ConnectAsync(reached, server.GetEndpoint("http").Port, DcpFixture.Deadline());

        Assert.Equal(reached, server.GetEndpoint("http").Host);
    }

    [Fact]
    public async Task Each_replica_is_a_process_of_its_own_behind_one_address()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "exec sleep 60").WithHttpEndpoint(env: "PORT").WithAnnotation(new ReplicaAnnotation(2));
        await using var running = await RunningApplication.StartAsync(builder);

        var processes = new HashSet<int>();
        var ports = new HashSet<string?>();
        foreach (var id in server.Resource.GetInstanceIds())
        {
            var seen = await running.Notifications.WaitForResourceAsync(
                "server", change => change.ResourceId == id && change.Snapshot.State?.Text == KnownResourceStates.Running, DcpFixture.Deadline());
            processes.Add(RunningApplication.PidOf(seen.Snapshot));
            ports.Add(seen.Snapshot.EnvironmentVariables.Single(variable => variable.Name == "PORT").Value);
        }

        Assert.Equal(2, processes.Count);
        Assert.Equal(2, ports.Count);
    }

    [Fact]
    public async Task A_port_that_another_program_uses_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = RunningApplication.CreateBuilder();
        builder.AddExecutable("server", "/bin/sh", ".", "-c", "exec sleep 60").WithHttpEndpoint(port: port, env: "PORT");

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunningApplication.StartAsync(builder));

        Assert.Contains(port.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("server", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"(pid {Environment.ProcessId})", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fixed_ports_are_chosen_anew_where_several_runs_share_a_machine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = RunningApplication.CreateBuilder("--DcpPublisher:RandomizePorts=true");
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "exec sleep 60").WithHttpEndpoint(port: port, env: "PORT");

        await using var running = await RunningApplication.StartAsync(builder);

        Assert.NotEqual(port, server.GetEndpoint("http").Port);
    }

    [Fact]
    public async Task A_resource_starts_only_when_what_it_waits_for_is_ready()
    {
        var builder = RunningApplication.CreateBuilder();
        var prepared = new TaskCompletionSource();
        var first = builder.AddExecutable("first", "/bin/sh", ".", "-c", "exec sleep 60").OnResourceReady((_, _, _) => prepared.Task);
        builder.AddExecutable("second", "/bin/sh", ".", "-c", "exec sleep 60").WaitFor(first);
        var application = builder.Build();
        await using var running = new RunningApplication(application);

        var starting = application.StartAsync(DcpFixture.Deadline());
        await running.WaitForAsync("first", KnownResourceStates.Running);
        var waiting = await running.WaitForAsync("second", KnownResourceStates.Waiting);
        Assert.DoesNotContain(waiting.Properties, property => property.Name == "executable.pid");
        prepared.SetResult();
        await starting;

        var started = await running.WaitForAsync("second", KnownResourceStates.Running);
        Assert.True(ProcessTree.IsRunning(RunningApplication.PidOf(started)));
    }

    [Fact]
    public async Task A_crash_at_start_reports_the_exit_code_and_the_last_words()
    {
        var builder = RunningApplication.CreateBuilder();
        var stopped = new TaskCompletionSource<ResourceStoppedEvent>();
        var worker = builder.AddExecutable("worker", "/bin/sh", ".", "-c", "echo 'no database' >&2; exit 3").OnResourceStopped((_, @event, _) =>
        {
            stopped.TrySetResult(@event);
            return Task.CompletedTask;
        });
        await using var running = await RunningApplication.StartAsync(builder);

        var snapshot = await running.WaitForAsync("worker", KnownResourceStates.Finished);

        Assert.Equal(3, snapshot.ExitCode);
        Assert.NotNull(snapshot.StartTimeStamp);
        Assert.NotNull(snapshot.StopTimeStamp);
        Assert.Equal(3, (await stopped.Task.WaitAsync(DcpFixture.Deadline())).ResourceEvent.Snapshot.ExitCode);
        Assert.Equal([("no database", true)], await running.ReadLogAsync(worker.Resource, lines => lines.Count > 0));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_fails_to_start_with_the_reason_in_the_log()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/nowhere/program", ".");
        var other = builder.AddExecutable("other", "/bin/sh", ".", "-c", "exec sleep 60");
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("worker", KnownResourceStates.FailedToStart);

        var log = await running.ReadLogAsync(worker.Resource, lines => lines.Count > 0);
        Assert.Contains(log, line => line.IsError && line.Text.Contains("/nowhere/program: no such file or directory", StringComparison.Ordinal));
        await running.WaitForAsync(other.Resource.Name, KnownResourceStates.Running);
    }

    [Fact]
    public async Task A_callback_that_fails_fails_its_own_resource_only()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sh", ".").WithEnvironment(_ => throw new DistributedApplicationException("No value for KEY."));
        builder.AddExecutable("other", "/bin/sh", ".", "-c", "exec sleep 60");
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("worker", KnownResourceStates.FailedToStart);

        Assert.Equal([("No value for KEY.", true)], await running.ReadLogAsync(worker.Resource, lines => lines.Count > 0));
        await running.WaitForAsync("other", KnownResourceStates.Running);
    }

    [Fact]
    public async Task A_resource_that_is_no_process_is_told_to_initialize_with_its_port_chosen()
    {
        var builder = RunningApplication.CreateBuilder();
        var port = new TaskCompletionSource<int?>();
        builder.AddResource(new ContainerResource("cache")).WithEndpoint(targetPort: 6379, name: "tcp", isProxied: false).OnInitializeResource((resource, _, _) =>
        {
            port.TrySetResult(resource.Annotations.OfType<EndpointAnnotation>().Single().Port);
            return Task.CompletedTask;
        });

        await using var running = await RunningApplication.StartAsync(builder);

        Assert.NotNull(await port.Task.WaitAsync(DcpFixture.Deadline()));
    }

    [Fact]
    public async Task Stopping_ends_every_process_also_one_that_ignores_the_signal()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.AddExecutable("plain", "/bin/sh", ".", "-c", "exec sleep 60");
        builder.AddExecutable("parent", "/bin/sh", ".", "-c", "sleep 60 & sleep 60");
        builder.AddExecutable("stubborn", "/bin/sh", ".", "-c", "trap '' TERM; while :; do sleep 1; done");
        await using var running = await RunningApplication.StartAsync(builder);
        var processes = new List<int>();
        foreach (var name in new[] { "plain", "parent", "stubborn" })
        {
            processes.AddRange(ProcessTree.Descendants(RunningApplication.PidOf(await running.WaitForAsync(name, KnownResourceStates.Running))));
        }

        var clock = Stopwatch.StartNew();
        await running.StopAsync();

        Assert.DoesNotContain(processes, ProcessTree.IsRunning);
        // Far below the minute for which they would run; how fast it is, the benchmark tells.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public async Task One_resource_can_be_stopped_and_started_again()
    {
        var builder = RunningApplication.CreateBuilder();
        var starts = 0;
        var worker = builder.AddExecutable("worker", "/bin/sh", ".", "-c", "echo \"start $N\"; exec sleep 60")
            .WithEnvironment(context => context.EnvironmentVariables["N"] = (++starts).ToString());
        await using var running = await RunningApplication.StartAsync(builder);
        var engine = running.Services.GetRequiredService<IResourceEngine>();
        var first = RunningApplication.PidOf(await running.WaitForAsync("worker", KnownResourceStates.Running));

        await engine.StopResourceAsync("worker", DcpFixture.Deadline());
        Assert.False(ProcessTree.IsRunning(first));
        await running.Notifications.WaitForResourceAsync("worker", KnownResourceStates.TerminalStates, DcpFixture.Deadline());
        await engine.StartResourceAsync(worker.Resource.GetInstanceIds()[0], DcpFixture.Deadline());

        var second = RunningApplication.PidOf(await running.WaitForAsync("worker", KnownResourceStates.Running));
        Assert.NotEqual(first, second);
        Assert.Equal(["start 1", "start 2"], (await running.ReadLogAsync(worker.Resource, lines => lines.Count > 1)).Select(line => line.Text));
        await Assert.ThrowsAsync<DistributedApplicationException>(() => engine.StopResourceAsync("nobody", DcpFixture.Deadline()));
    }

    [Fact]
    public async Task A_project_is_built_where_needed_and_answers_through_the_proxy()
    {
        using var folder = new TemporaryProject("""
            var address = new Uri(Environment.GetEnvironmentVariable("ASPNETCORE_URLS")!);
            var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, address.Port);
            listener.Start();
            Console.WriteLine($"in {Environment.CurrentDirectory}");
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"u8.ToArray());
            }
            """);
        var builder = RunningApplication.CreateBuilder();
        var project = builder.AddProject("service", folder.ProjectPath).WithHttpEndpoint();
        await using var running = await RunningApplication.StartAsync(builder);
        var snapshot = await running.WaitForAsync("service", KnownResourceStates.Running);
        Assert.Equal([$"in {Path.GetDirectoryName(folder.ProjectPath)}"], (await running.ReadLogAsync(project.Resource, lines => lines.Any(line => line.Text.StartsWith("in ", StringComparison.Ordinal)))).Select(line => line.Text).Where(line => line.StartsWith("in ", StringComparison.Ordinal)));

        using var http = new HttpClient();
        var answer = await http.GetStringAsync(new Uri(project.GetEndpoint("http").Url), DcpFixture.Deadline());

        Assert.Equal("hello", answer);
        Assert.Equal(folder.ProjectPath, snapshot.Properties.Single(property => property.Name == "project.path").Value);
        // Not through dotnet run: the process that DCP started is the program itself.
        Assert.Single(ProcessTree.Descendants(RunningApplication.PidOf(snapshot)));
    }

    [Fact]
    public async Task A_project_that_does_not_build_fails_to_start_with_the_compiler_s_words()
    {
        using var folder = new TemporaryProject("this is no C#");
        var builder = RunningApplication.CreateBuilder();
        var project = builder.AddProject("service", folder.ProjectPath);
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("service", KnownResourceStates.FailedToStart);

        Assert.Contains(await running.ReadLogAsync(project.Resource, lines => lines.Any(line => line.IsError)), line => line.Text.Contains("error CS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_engine_is_killed_the_processes_end_and_the_application_stops()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.AddExecutable("worker", "/bin/sh", ".", "-c", "exec sleep 60");
        await using var running = await RunningApplication.StartAsync(builder);
        var worker = RunningApplication.PidOf(await running.WaitForAsync("worker", KnownResourceStates.Running));
        var stopping = new TaskCompletionSource();
        running.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        var engine = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && ProcessTree.CommandLine(id).Contains($"start-apiserver --monitor {Environment.ProcessId} ", StringComparison.Ordinal))
            .Where(id => ProcessTree.CommandLine(id).Contains(((DcpResourceEngine)running.Services.GetRequiredService<IResourceEngine>()).SessionFolder!, StringComparison.Ordinal));

        ProcessTree.Kill([.. engine]);

        await stopping.Task.WaitAsync(DcpFixture.Deadline());
        await DcpWaiting.UntilAsync(() => !ProcessTree.IsRunning(worker), DcpFixture.Deadline());
    }

    [Fact]
    public async Task A_missing_engine_is_reported_with_its_path()
    {
        var builder = RunningApplication.CreateBuilder("--ASPIRE_DCP_PATH=/nowhere");
        builder.AddExecutable("worker", "/bin/sh", ".");

        var failure = await Assert.ThrowsAnyAsync<DistributedApplicationException>(() => RunningApplication.StartAsync(builder));

        Assert.Contains("/nowhere/dcp", failure.Message, StringComparison.Ordinal);
    }
}
