namespace Aspire.Hosting.Tests.Dcp;

/// <summary>A small console project in a folder of its own, which no settings of this repository reach; not built.</summary>
internal sealed class TemporaryProject : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dcp-project-").FullName;

    public TemporaryProject(string program, string sdk = "Microsoft.NET.Sdk")
    {
        ProjectPath = Path.Combine(_folder, "Service.csproj");
        System.IO.File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), "<Project />");
        System.IO.File.WriteAllText(Path.Combine(_folder, "Program.cs"), program);
        System.IO.File.WriteAllText(ProjectPath, $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """);
    }

    public string ProjectPath { get; }

    /// <summary>A file in the project's folder.</summary>
    public string File(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
