using System.Diagnostics;

namespace Aspire.Hosting.Tests.Dcp;

/// <summary>A web application in a folder of its own, built once for the tests of a class; it tells its arguments and a variable.</summary>
public sealed class WebProject : IAsyncLifetime
{
    internal TemporaryProject Project { get; } = new(
        """
        var builder = WebApplication.CreateBuilder(args);
        var application = builder.Build();
        application.MapGet("/args", () => string.Join('|', args));
        application.MapGet("/env/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "-");
        application.Run();
        """,
        "Microsoft.NET.Sdk.Web");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Project.File("Properties"));
        await File.WriteAllTextAsync(Project.File("Properties/launchSettings.json"), """
            {
              // Comments are allowed here.
              "profiles": {
                "IIS": { "commandName": "IISExpress", "applicationUrl": "http://localhost:1" },
                "two": {
                  "commandName": "project",
                  "commandLineArgs": "one \"two words\" \\\"q\\\" {{x}}",
                  "applicationUrl": "http://localhost:0; http://localhost:0",
                  "environmentVariables": { "GREETING": "hello", "OVERRIDDEN": "profile" },
                },
                "named": { "commandName": "Project", "launchUrl": "docs", "applicationUrl": "http://shop.dev.localhost:0" },
                "wild": { "commandName": "Project", "applicationUrl": "http://*:0" },
                "any": { "commandName": "Project", "applicationUrl": "http://0.0.0.0:0" },
                "secure": { "commandName": "Project", "applicationUrl": "https://localhost:0;http://localhost:0" },
              }
            }
            """);
        var start = new ProcessStartInfo("dotnet", ["build", Project.ProjectPath, "-nologo", "-v:quiet"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var kill = deadline.Token.Register(() => build.Kill(entireProcessTree: true));
        await build.WaitForExitAsync(CancellationToken.None);
        Assert.True(build.ExitCode == 0, await output);
    }

    public Task DisposeAsync()
    {
        Project.Dispose();
        return Task.CompletedTask;
    }
}
