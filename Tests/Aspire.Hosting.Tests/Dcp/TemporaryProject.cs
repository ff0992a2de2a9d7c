namespace Aspire.Hosting.Tests.Dcp;

/// <summary>A small console project in a folder of its own, which no settings of this repository reach; not built.</summary>
internal sealed class TemporaryProject : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dcp-project-").FullName;

    public TemporaryProject(string program)
    {
        ProjectPath = Path.Combine(_folder, "Service.csproj");
        File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(_folder, "Program.cs"), program);
        File.WriteAllText(ProjectPath, """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """);
    }

    public string ProjectPath { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
