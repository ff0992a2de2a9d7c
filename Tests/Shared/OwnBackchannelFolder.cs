using System.Reflection;
using System.Runtime.CompilerServices;

namespace Trellis.Tests;

/// <summary>Keeps the sockets of AppHosts that tests start out of the home folder, where the aspire CLI of whoever runs the tests would find them.</summary>
internal static class OwnBackchannelFolder
{
    public const string Variable = "AppHost__BackchannelFolder";

    [ModuleInitializer]
    internal static void Use()
    {
        if (Assembly.GetEntryAssembly() == typeof(OwnBackchannelFolder).Assembly)
        {
            // Not the tests, but an AppHost in their assembly: who starts it says where its sockets are.
            return;
        }

        // Short: the address of a unix socket has 108 bytes.
        var folder = Directory.CreateTempSubdirectory("bch-").FullName;
        Environment.SetEnvironmentVariable(Variable, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
