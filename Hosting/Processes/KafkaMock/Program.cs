using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Trellis.Hosting.Processes.KafkaMock;

// librdkafka's mock cluster as a server: one broker, everything in memory. Stops on SIGTERM and SIGINT.
// Exit codes: 64 wrong usage, 1 cannot serve.
if (args is not ["--port", var text] || !ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
{
    Console.Error.WriteLine("Usage: Trellis.Hosting.Processes.KafkaMock --port N");
    return 64;
}

using var stopped = new CancellationTokenSource();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    using var cluster = MockCluster.Start();
    using var door = new FrontDoor(port, cluster.Broker);
    Console.WriteLine($"A mock of Kafka (librdkafka's) is ready on 127.0.0.1:{port}. It keeps everything in memory: what it holds is gone when it stops.");
    await door.ServeAsync(stopped.Token);
    Console.WriteLine("Stopping.");
    return 0;
}
catch (Exception exception) when (exception is SocketException or KafkaException)
{
    Console.Error.WriteLine($"The mock of Kafka cannot serve on 127.0.0.1:{port}: {exception.Message}");
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopped.Cancel();
}
