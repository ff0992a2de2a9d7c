using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>Finds what a project was built to, so that it starts at once and stops at once: <c>dotnet run</c> would stand in between.</summary>
/// <param name="appHost">The AppHost's assembly, into which the build wrote where the referenced projects were built to.</param>
internal sealed class ProjectOutput(Assembly? appHost) : IDisposable
{
    private const string MetadataPrefix = "aspire.targetpath:";

    // Builds of projects that share a reference must not run at the same time.
    private readonly SemaphoreSlim _oneBuild = new(1, 1);

    /// <summary>The program, the folder to run it in and its first arguments.</summary>
    /// <exception cref="DistributedApplicationException">The project does not exist or is not built and cannot be built.</exception>
    public async Task<(string Path, string WorkingDirectory, IReadOnlyList<string> Arguments)> FindAsync(
        ProjectResource project, ILogger logger, CancellationToken cancellationToken)
    {
        var metadata = project.GetProjectMetadata();
        if (!File.Exists(metadata.ProjectPath))
        {
            throw new DistributedApplicationException($"The project file '{metadata.ProjectPath}' of resource '{project.Name}' does not exist.");
        }

        var target = FindInMetadata(metadata) ?? await AskBuildAsync(metadata.ProjectPath, cancellationToken);
        if (!File.Exists(target))
        {
            if (metadata.SuppressBuild)
            {
                throw new DistributedApplicationException(
                    $"The project of resource '{project.Name}' has not been built: '{target}' does not exist. Build the AppHost, or the project itself.");
            }

            logger.LogInformation("Building {Project}...", metadata.ProjectPath);
            await BuildAsync(metadata.ProjectPath, cancellationToken);
        }

        var folder = Path.GetDirectoryName(metadata.ProjectPath)!;
        var program = Path.ChangeExtension(target, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(program) ? (program, folder, []) : (DotnetPath, folder, ["exec", target]);
    }

    public void Dispose() => _oneBuild.Dispose();

    /// <summary>The folder of the .NET installation that this process runs on; programs find their runtime through DOTNET_ROOT.</summary>
    public static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string DotnetPath => Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    private string? FindInMetadata(IProjectMetadata metadata) =>
        new[] { appHost, metadata.GetType().Assembly }
            .OfType<Assembly>()
            .SelectMany(assembly => assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
            .FirstOrDefault(attribute => string.Equals(attribute.Key, MetadataPrefix + metadata.ProjectPath, StringComparison.Ordinal))?.Value;

    private async Task<string> AskBuildAsync(string projectPath, CancellationToken cancellationToken)
    {
        var target = await DotnetAsync(["msbuild", projectPath, "-getProperty:TargetPath", "-nologo"], cancellationToken);
        return target.Length > 0
            ? target
            : throw new DistributedApplicationException($"The project '{projectPath}' has no single target; name one with TargetFramework.");
    }

    private Task BuildAsync(string projectPath, CancellationToken cancellationToken) =>
        DotnetAsync(["build", projectPath, "-nologo", "-v:quiet"], cancellationToken);

    private async Task<string> DotnetAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        await _oneBuild.WaitAsync(cancellationToken);
        try
        {
            var start = new ProcessStartInfo(DotnetPath, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            await using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? (await output).Trim()
                : throw new DistributedApplicationException(
                    $"'dotnet {string.Join(' ', start.ArgumentList)}' ended with exit code {process.ExitCode}.{Environment.NewLine}{await output}{await error}");
        }
        finally
        {
            _oneBuild.Release();
        }
    }
}
