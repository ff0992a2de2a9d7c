using System.Text.Json.Serialization;

namespace Aspire.Hosting;

/// <summary>One way to launch a project.</summary>
public sealed class LaunchProfile
{
    /// <summary><c>Project</c> for profiles that run the project.</summary>
    [JsonPropertyName("commandName")]
    public string? CommandName { get; set; }

    /// <summary>Arguments, as a command line.</summary>
    [JsonPropertyName("commandLineArgs")]
    public string? CommandLineArgs { get; set; }

    /// <summary>The URLs to listen on, separated by semicolons.</summary>
    [JsonPropertyName("applicationUrl")]
    public string? ApplicationUrl { get; set; }

    /// <summary>Environment variables.</summary>
    [JsonPropertyName("environmentVariables")]
    public Dictionary<string, string> EnvironmentVariables { get; set; } = [];
}
