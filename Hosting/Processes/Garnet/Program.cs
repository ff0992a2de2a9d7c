using System.Runtime.InteropServices;
using Garnet;
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
    using var server = new GarnetServer(options.ToGarnetArguments());
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
    return 1;
}

return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopped.Set();
}
