using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Trellis.Hosting.Processes;

namespace Aspire.Hosting;

/// <summary>Runs Redis without a container.</summary>
public static class RedisProcessBuilderExtensions
{
    private const string ServerSetting = "Processes:Redis:Server";
    private const string RedisServer = "redis-server";
    private const string Garnet = "garnet";

    /// <summary>
    /// While the AppHost runs, the server is a process of this machine: an installed redis-server, or Garnet, which the build brings.
    /// Published, it stays the container that it is.
    /// </summary>
    /// <remarks>
    /// Nothing is saved unless the resource has persistence; then it is in <c>.data/(resource)</c> under the repository's root, or in the user's
    /// state folder where that cannot be written; a data volume or bind mount names another folder. The server listens on 127.0.0.1 only, without
    /// TLS. Garnet lacks streams, functions and keyspace notifications. Settings: <c>Processes:DataRoot</c>, <c>Processes:Redis:Server</c>
    /// (<c>redis-server</c> or <c>garnet</c>). What is missing is said in the log of the resource <c>(name)-process</c>, and in the server's own.
    /// </remarks>
    /// <param name="builder">The server.</param>
    /// <exception cref="PlatformNotSupportedException">The AppHost does not run on Linux.</exception>
    public static IResourceBuilder<RedisResource> RunAsProcess(this IResourceBuilder<RedisResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            LocalServer.RunAsProcess(builder, port => Command(builder, port), Adapt);
#if ASPIRE_PACKAGES
            // Microsoft's Redis serves TLS with the development certificate where there is one: a local server has none.
#pragma warning disable ASPIRECERTIFICATES001 // The only way to say so, and experimental.
            builder.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
#endif
        }

        return builder;
    }

    private static List<string> Command(IResourceBuilder<RedisResource> builder, int port)
    {
        List<string> command = [BuiltPaths.Launcher("run-redis.sh")];
        if (FindServer(builder.ApplicationBuilder.Configuration[ServerSetting], out var error) is not { } server)
        {
            return [.. command, "--fail", error!];
        }

        var folders = DataFolders.For(builder.ApplicationBuilder, builder.Resource, "/data");
        command.AddRange(["--server", server, "--data", folders.Preferred, "--port", port.ToString(CultureInfo.InvariantCulture)]);
        command.AddRange(["--for", DataFolders.HolderName(builder.ApplicationBuilder)]);
        return folders.Fallback is { } fallback ? [.. command, "--or-data", fallback] : command;
    }

    private static string? FindServer(string? setting, out string? error)
    {
        var installed = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, RedisServer)));
        error = null;
        switch (setting)
        {
            case null or "" when installed:
            case RedisServer when installed:
                return RedisServer;
            case RedisServer:
                error = $"The setting {ServerSetting} asks for redis-server, which was not found. Install it (Debian package redis-server).";
                return null;
            case null or "" or Garnet:
                error = BuiltPaths.Garnet is null ? "No Redis server was found. Install one (Debian package redis-server), or build again, which builds Garnet." : null;
                return BuiltPaths.Garnet;
            default:
                error = $"The setting {ServerSetting} is '{setting}'. It can be '{RedisServer}' or '{Garnet}'.";
                return null;
        }
    }

    // The image's shell runs redis-server and puts the password in. The launcher knows which server to run, and takes the password from
    // the environment, because every user of this machine can read arguments.
    private static void Adapt(IList<object> arguments)
    {
        if (arguments is [RedisServer, ..])
        {
            arguments.RemoveAt(0);
        }

        for (var i = arguments.Count - 2; i >= 0; i--)
        {
            if (arguments[i] is "--requirepass" && arguments[i + 1] is "$REDIS_PASSWORD")
            {
                arguments.RemoveAt(i + 1);
                arguments.RemoveAt(i);
            }
        }
    }
}
