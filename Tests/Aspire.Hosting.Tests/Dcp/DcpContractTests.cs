using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Dcp;
using static Aspire.Hosting.Tests.Dcp.DcpFixture;

namespace Aspire.Hosting.Tests.Dcp;

/// <summary>What the engine relies on in DCP, whose API is unversioned: a new DCP that breaks one of these breaks the engine.</summary>
public sealed class DcpContractTests(DcpFixture dcp) : IClassFixture<DcpFixture>
{
    private DcpClient Client => dcp.Client;

    [Fact]
    public async Task A_service_gets_its_port_before_anything_serves_it()
    {
        var name = Unique("svc");
        await Client.CreateAsync(Service(name), Deadline());

        var service = await Client.WaitForAsync<DcpService>(name, seen => seen.Status?.EffectivePort > 0, Deadline());

        Assert.InRange(service.Status!.EffectivePort!.Value, 1, 65535);
        Assert.Equal("127.0.0.1", service.Status.EffectiveAddress);
    }

    [Fact]
    public async Task Templates_in_arguments_and_environment_are_resolved_and_escaped_ones_are_not()
    {
        var service = Unique("svc");
        await Client.CreateAsync(Service(service), Deadline());
        var executable = Shell(
            "echo \"$PORT\"; echo \"$NAME\"; echo \"$LITERAL\"; echo \"$1\"; exec sleep 60",
            environment:
            [
                new("PORT", $"{{{{- portForServing \"{service}\" -}}}}"),
                new("NAME", "{{- .Name -}}"),
                new("LITERAL", "a{{\"{{\"}} b }} \"c\" 'd' $e"),
            ],
            arguments: $"--port={{{{- portForServing \"{service}\" -}}}}");
        executable = Serving(executable, new DcpServiceProducer(service));

        var running = await Client.RunAsync(executable, DcpExecutableState.Running, Deadline());

        var environment = running.Status!.EffectiveEnv!.ToDictionary(variable => variable.Name, variable => variable.Value);
        var port = environment["PORT"];
        Assert.InRange(int.Parse(port), 1, 65535);
        Assert.Equal(executable.Metadata.Name, environment["NAME"]);
        Assert.Equal("a{{ b }} \"c\" 'd' $e", environment["LITERAL"]);
        Assert.Equal($"--port={port}", running.Status.EffectiveArgs![^1]);
        Assert.True(running.Status.Pid > 0);
        Assert.NotNull(running.Status.StartupTimestamp);
    }

    [Fact]
    public async Task Connections_to_a_service_reach_the_process_that_serves_it()
    {
        using var answering = new TcpListener(System.Net.IPAddress.Loopback, 0);
        answering.Start();
        var service = Unique("svc");
        await Client.CreateAsync(Service(service), Deadline());
        var port = ((System.Net.IPEndPoint)answering.LocalEndpoint).Port;
        var executable = Serving(Shell("exec sleep 60"), new DcpServiceProducer(service, "127.0.0.1", port));
        await Client.RunAsync(executable, DcpExecutableState.Running, Deadline());
        var ready = await Client.WaitForAsync<DcpService>(service, seen => seen.Status?.State == "Ready", Deadline());

        using var asking = new TcpClient();
        await asking.ConnectAsync("127.0.0.1", ready.Status!.EffectivePort!.Value, Deadline());
        await asking.GetStream().WriteAsync("hello"u8.ToArray(), Deadline());
        using var answer = await answering.AcceptTcpClientAsync(Deadline());
        var received = new byte[5];
        await answer.GetStream().ReadExactlyAsync(received, Deadline());

        Assert.Equal("hello", Encoding.UTF8.GetString(received));
    }

    [Fact]
    public async Task The_exit_code_of_a_process_that_ends_by_itself_is_reported()
    {
        var ended = await Client.RunAsync(Shell("exit 17"), DcpExecutableState.Finished, Deadline());

        Assert.Equal(17, ended.Status!.ExitCode);
        Assert.NotNull(ended.Status.FinishTimestamp);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_fails_to_start_and_the_system_log_says_why()
    {
        var executable = Shell("true") with { Spec = new DcpExecutableSpec { ExecutablePath = "/nowhere/program" } };

        await Client.RunAsync(executable, DcpExecutableState.FailedToStart, Deadline());

        var log = await Client.ReadLinesAsync(executable, DcpLogSource.System, Deadline());
        Assert.Contains(log, line => line.Contains("/nowhere/program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Output_and_errors_are_read_in_order_with_times_until_the_process_ends()
    {
        var executable = Shell("for i in 1 2 3; do echo out $i; echo err $i >&2; done; printf 'no newline'");
        await Client.RunAsync(executable, DcpExecutableState.Finished, Deadline());

        var lines = new List<DcpLogLine>();
        await foreach (var line in Client.ReadLogAsync(executable.Metadata.Name, DcpLogSource.StandardOutput, follow: true, Deadline()))
        {
            lines.Add(line);
        }

        Assert.Equal(["out 1", "out 2", "out 3", "no newline"], lines.Select(line => line.Text));
        Assert.Equal([1, 2, 3, 4], lines.Select(line => line.Number));
        Assert.All(lines, line => Assert.NotNull(line.Timestamp));
        Assert.Equal(["err 1", "err 2", "err 3"], await Client.ReadLinesAsync(executable, DcpLogSource.StandardError, Deadline()));
    }

    [Fact]
    public async Task A_log_can_be_followed_from_before_the_process_runs()
    {
        var executable = Shell("echo started; exec sleep 60");
        await Client.CreateAsync(executable, Deadline());

        await foreach (var line in Client.ReadLogAsync(executable.Metadata.Name, DcpLogSource.StandardOutput, follow: true, Deadline()))
        {
            Assert.Equal("started", line.Text);
            return;
        }

        Assert.Fail("The log ended before the process wrote.");
    }

    [Fact]
    public async Task Setting_stop_ends_the_process()
    {
        var executable = Shell("trap 'exit 0' TERM; while :; do sleep 0.05; done");
        var running = await Client.RunAsync(executable, DcpExecutableState.Running, Deadline());

        await Client.PatchAsync(executable.Metadata.Name, new DcpExecutablePatchSpec(Stop: true), Deadline());

        await Client.WaitForAsync<DcpExecutable>(executable.Metadata.Name, seen => DcpExecutableState.IsFinal(seen.Status?.State), Deadline());
        Assert.False(ProcessTree.IsRunning((int)running.Status!.Pid!.Value));
    }

    [Fact]
    public async Task After_deletion_the_same_name_can_be_started_again()
    {
        var executable = Shell("exec sleep 60");
        var first = await Client.RunAsync(executable, DcpExecutableState.Running, Deadline());

        await Client.DeleteAsync<DcpExecutable>(executable.Metadata.Name, Deadline());
        while (await Client.FindAsync<DcpExecutable>(executable.Metadata.Name, Deadline()) is not null)
        {
            await Task.Delay(20, Deadline());
        }

        var second = await Client.RunAsync(executable, DcpExecutableState.Running, Deadline());
        Assert.NotEqual(first.Status!.Pid, second.Status!.Pid);
        Assert.False(ProcessTree.IsRunning((int)first.Status.Pid!.Value));
    }

    [Fact]
    public async Task A_refused_object_names_what_is_wrong()
    {
        var executable = Shell("true") with { Spec = new DcpExecutableSpec { ExecutablePath = string.Empty } };

        var refusal = await Assert.ThrowsAsync<DcpException>(() => Client.CreateAsync(executable, Deadline()));

        Assert.Contains("executablePath", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static DcpService Service(string name) => new()
    {
        Metadata = new DcpMetadata { Name = name },
        Spec = new DcpServiceSpec { AddressAllocationMode = DcpAddressAllocation.IPv4ZeroOne },
    };

    private static DcpExecutable Serving(DcpExecutable executable, DcpServiceProducer producer) => executable with
    {
        Metadata = executable.Metadata with
        {
            Annotations = new Dictionary<string, string>
            {
                [DcpServiceProducer.AnnotationName] = JsonSerializer.Serialize<IReadOnlyList<DcpServiceProducer>>(
                    [producer], DcpJsonContext.Default.IReadOnlyListDcpServiceProducer),
            },
        },
    };
}
