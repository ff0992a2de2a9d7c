using System.Net.Sockets;
using System.Runtime.InteropServices;
using Garnet;
using Microsoft.Extensions.Logging;
using Trellis.Hosting.Processes.Garnet;

// A Redis-compatible server for machines without redis-server. It takes redis-server's options, so that whoever starts it
// needs to know one command line only, and stops on SIGTERM and SIGINT. Exit codes: 64 wrong usage, 1 cannot serve.
if (!ServerOptions.TryParse(args, Environment.GetEnvironmentVariable("REDIS_PASSWORD"), out var options, out var error))
{
    Console.Error.WriteLine(error);
    return 64;
}

using var stopped = new ManualResetEventSlim();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    using var log = new PlainLog();
    // Its parser of arguments warns of this log alone.
    using var logs = LoggerFactory.Create(logging => logging.AddProvider(log).AddFilter("ArgParser", LogLevel.Error));
    using var server = new GarnetServer(options.ToGarnetArguments(), logs);
    server.Start();
    Console.WriteLine($"Ready to accept connections on 127.0.0.1:{options.Port}.");
    stopped.Wait();
    Console.WriteLine("Stopping.");
}
#pragma warning disable CA1031 // Whatever keeps Garnet from serving, the log gets its message and not a stack trace.
catch (Exception exception)
#pragma warning restore CA1031
{
    Console.Error.WriteLine($"Garnet cannot serve on 127.0.0.1:{options.Port}: {exception.Message}");
    if (exception is not SocketException && options.SnapshotSeconds > 0)
    {
        Console.Error.WriteLine($"If the data in {options.Folder} is damaged, restore it from a backup, or move it away to start empty.");
    }

    return 1;
}

return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopped.Set();
}
