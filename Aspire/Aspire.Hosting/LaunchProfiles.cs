using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>Finds the launch profile of a project.</summary>
internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions Lenient = new() { AllowTrailingCommas = true, ReadCommentHandling = JsonCommentHandling.Skip };

    /// <summary>The profile that counts: the one that is named, else the AppHost's where the project has it, else the first that runs the project.</summary>
    /// <exception cref="DistributedApplicationException">The one that is named does not exist, or the file cannot be read.</exception>
    public static LaunchProfile? Find(IProjectMetadata project, ProjectResourceOptions options, string? appHostProfile)
    {
        if (options.ExcludeLaunchProfile)
        {
            return null;
        }

        var profiles = (project.LaunchSettings ?? Read(Path.GetDirectoryName(project.ProjectPath) ?? "."))?.Profiles ?? [];
        if (options.LaunchProfileName is { Length: > 0 } name)
        {
            return profiles.GetValueOrDefault(name)
                ?? throw new DistributedApplicationException($"Launch profile '{name}' does not exist in the launch settings of '{project.ProjectPath}'.");
        }

        return appHostProfile is not null && profiles.TryGetValue(appHostProfile, out var same)
            ? same
            : profiles.Values.FirstOrDefault(profile => profile.CommandName == "Project");
    }

    /// <summary>The launch settings of the project in a folder; null where it has none.</summary>
    /// <exception cref="DistributedApplicationException">The file cannot be read.</exception>
    public static LaunchSettings? Read(string projectFolder)
    {
        var file = Path.Combine(projectFolder, "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<LaunchSettings>(stream, Lenient);
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"Failed to get effective launch profile. There is malformed JSON in the launch settings file '{file}'.", exception);
        }
    }
}
