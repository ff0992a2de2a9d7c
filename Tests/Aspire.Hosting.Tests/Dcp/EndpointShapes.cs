using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aspire.Hosting.Tests.Dcp;

public sealed class EndpointShapes(EndpointShapes.Server program) : IClassFixture<EndpointShapes.Server>
{
    [Fact]
    public async Task A_TCP_endpoint_is_reached_through_the_proxy_at_its_fixed_target_port()
    {
        var target = ClosedPort.Get();
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddProject("server", program.Project.ProjectPath).WithEndpoint(targetPort: target, name: "wire", env: "WIRE_PORT");
        var reader = builder.AddPrinter("reader", "ADDRESS").WithEnvironment("ADDRESS", $"{server.GetEndpoint("wire").Property(EndpointProperty.HostAndPort)} {server.GetEndpoint("wire").Property(EndpointProperty.TargetPort)}");
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("server", KnownResourceStates.Running);

        var wire = server.GetEndpoint("wire");
        Assert.NotEqual(target, wire.Port);
        Assert.Equal([$"localhost:{wire.Port} {target}"], await Printed.ReadAsync(running, reader, 1));
        Assert.Equal("hello", await ReadLineAsync(wire.Port));
    }

    [Fact]
    public async Task A_UDP_endpoint_is_reached_through_the_proxy()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddProject("server", program.Project.ProjectPath).WithEndpoint(name: "syslog", env: "UDP_PORT", protocol: ProtocolType.Udp);
        await using var running = await RunningApplication.StartAsync(builder);
        await running.ReadLogAsync(server.Resource, lines => lines.Any(line => line.Text == "listens"));

        Assert.Equal("udp", server.GetEndpoint("syslog").Scheme);
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answer = client.ReceiveAsync(DcpFixture.Deadline()).AsTask();
        do
        {
            // As every client of UDP has to: what is sent before the proxy knows the process is lost.
            await client.SendAsync("abc"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, server.GetEndpoint("syslog").Port));
        }
        while (await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(250))) != answer);

        Assert.Equal("cba", Encoding.ASCII.GetString((await answer).Buffer));
    }

    private static async Task<string?> ReadLineAsync(int port)
    {
        var deadline = DcpFixture.Deadline();
        while (true)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, deadline);
            using var reader = new StreamReader(client.GetStream());
            try
            {
                // The proxy takes the connection also before the process listens.
                if (await reader.ReadLineAsync(deadline) is { } line)
                {
                    return line;
                }
            }
            catch (IOException)
            {
                // Not yet.
            }

            await Task.Yield();
        }
    }

    /// <summary>Says hello over TCP and turns around what it gets over UDP; built once for all tests.</summary>
    public sealed class Server : IDisposable
    {
        internal TemporaryProject Project { get; } = new("""
            using System.Net;
            using System.Net.Sockets;

            if (Environment.GetEnvironmentVariable("WIRE_PORT") is { } wire)
            {
                var listener = new TcpListener(IPAddress.Loopback, int.Parse(wire));
                listener.Start();
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    await client.GetStream().WriteAsync("hello\n"u8.ToArray());
                }
            }

            using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable("UDP_PORT")!)));
            Console.WriteLine("listens");
            while (true)
            {
                var received = await udp.ReceiveAsync();
                await udp.SendAsync(received.Buffer.Reverse().ToArray(), received.RemoteEndPoint);
            }
            """);

        public void Dispose() => Project.Dispose();
    }
}
