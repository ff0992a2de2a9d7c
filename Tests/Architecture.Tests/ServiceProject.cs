using System.Text.Json;

namespace Trellis.Architecture.Tests;

/// <summary>The project of a service as MSBuild understands it, with all that is imported.</summary>
internal sealed class ServiceProject
{
    private const string HostingPackages = "Aspire.Hosting";

    private static readonly string[] Kinds = ["Compile", "Protobuf", "EmbeddedResource", "AdditionalFiles", "Content", "ProjectReference", "PackageReference"];

    private readonly string _root;
    private readonly string _name;
    private readonly JsonElement _items;

    private ServiceProject(string root, string name, JsonElement items) => (_root, _name, _items) = (root, name, items);

    private string Services => Path.Combine(_root, "Services") + "/";

    /// <summary>The names of the services in a repository: the folders with a project.</summary>
    public static string[] NamesIn(string root) =>
        [.. Directory.GetDirectories(Path.Combine(root, "Services")).Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0).Select(folder => Path.GetFileName(folder)!).Order()];

    public static async Task<ServiceProject> ReadAsync(string root, string name)
    {
        var (code, output, error) = await Repository.RunAsync(
            "dotnet", ["msbuild", Path.Combine(root, "Services", name, $"{name}.csproj"), "-nologo", .. Kinds.Select(kind => $"-getItem:{kind}")]);
        return code == 0
            ? new ServiceProject(root, name, JsonDocument.Parse(output).RootElement.GetProperty("Items"))
            : throw new InvalidOperationException($"MSBuild cannot read the project {name}: {output}{error}");
    }

    /// <summary>What the project does that a service must not.</summary>
    public IEnumerable<string> Violations()
    {
        foreach (var reference in Of("ProjectReference"))
        {
            if (OwnerOf(reference) is { } owner && owner != _name)
            {
                yield return $"{_name} references the project of {owner}";
            }
        }

        foreach (var file in Kinds[..5].SelectMany(Of).Distinct(StringComparer.Ordinal))
        {
            if (OwnerOf(file) is { } owner && owner != _name && !file.StartsWith($"{Services}{owner}/Contract/", StringComparison.Ordinal))
            {
                yield return $"{_name} uses {Path.GetRelativePath(_root, file)}, which is not in the Contract/ of {owner}";
            }
        }

        var names = Of("PackageReference", "Identity").Concat(Of("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)));
        foreach (var name in names.Where(name => name.StartsWith(HostingPackages, StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"{_name} references {name}, which is for AppHosts";
        }
    }

    private IEnumerable<string> Of(string kind) => Of(kind, "FullPath");

    private IEnumerable<string> Of(string kind, string metadata) =>
        _items.TryGetProperty(kind, out var items) ? items.EnumerateArray().Select(item => item.GetProperty(metadata).GetString()!) : [];

    private string? OwnerOf(string path)
    {
        var full = Path.GetFullPath(path);
        return full.StartsWith(Services, StringComparison.Ordinal) ? full[Services.Length..].Split('/')[0] : null;
    }
}
