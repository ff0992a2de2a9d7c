using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Trellis.Hosting.Processes;

namespace Aspire.Hosting;

/// <summary>Runs PostgreSQL without a container.</summary>
public static class PostgresProcessBuilderExtensions
{
    private const string FolderInImage = "/var/lib/postgresql";

    /// <summary>
    /// While the AppHost runs, the server is a process of this machine: an installed PostgreSQL, or the one that the build restored through npm.
    /// Published, it stays the container that it is.
    /// </summary>
    /// <remarks>
    /// The data is kept from run to run in <c>.data/(resource)</c> under the repository's root, or in the user's state folder where the
    /// server's user cannot enter that; a data volume or bind mount names another folder. Run by root, the server runs as the user postgres
    /// or nobody. It listens on 127.0.0.1 only and lets in who knows the password parameter's value, whatever the password was before.
    /// Settings: <c>Processes:DataRoot</c>, <c>Processes:Postgres:Server</c> (<c>installed</c> or <c>npm</c>), <c>Processes:Postgres:BinPath</c>.
    /// What is missing is said in the log of the resource <c>(name)-process</c>, and in the server's own.
    /// </remarks>
    /// <param name="builder">The server.</param>
    /// <exception cref="PlatformNotSupportedException">The AppHost does not run on Linux.</exception>
    public static IResourceBuilder<PostgresServerResource> RunAsProcess(this IResourceBuilder<PostgresServerResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            // The image's entry point takes the server's name or options alone, and so does the launcher.
            LocalServer.RunAsProcess(builder, port => Command(builder, port), adaptArguments: _ => { });
        }

        return builder;
    }

    private static List<string> Command(IResourceBuilder<PostgresServerResource> builder, int port)
    {
        var settings = builder.ApplicationBuilder.Configuration;
        var folders = DataFolders.For(builder.ApplicationBuilder, builder.Resource, FolderInImage);
        List<string> command = [BuiltPaths.Launcher("run-postgres.sh")];
        if (PostgresInstallation.Find(
            settings[PostgresInstallation.ServerSetting], settings[PostgresInstallation.BinPathSetting], MajorOf(folders), out var error) is not { } found)
        {
            return [.. command, "--fail", error!];
        }

        command.AddRange(["--bin", found.BinPath, "--data", folders.Preferred, "--port", port.ToString(CultureInfo.InvariantCulture)]);
        command.AddRange(["--for", DataFolders.HolderName(builder.ApplicationBuilder)]);
        if (folders.Fallback is { } fallback)
        {
            command.AddRange(["--or-data", fallback]);
        }

        // Root may have restored it where nobody else can enter.
        if (Environment.IsPrivilegedProcess && found.BinPath == BuiltPaths.EmbeddedPostgres)
        {
            command.AddRange(["--copy-to", Path.Combine(DataFolders.StateFolder(), $"embedded-postgres-{found.Major}")]);
        }

        return command;
    }

    private static int? MajorOf(DataFolders folders)
    {
        try
        {
            return folders.Find("cluster/PG_VERSION") is { } file
                && int.TryParse(File.ReadAllText(file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var major)
                    ? major
                    : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The launcher says what is wrong with the folder.
            return null;
        }
    }
}
