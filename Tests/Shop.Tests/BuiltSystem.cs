namespace Shop.Tests;

/// <summary>Where the repository is, and what the build of these tests built with it.</summary>
internal static class BuiltSystem
{
    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The AppHost's executable, of the same configuration as these tests.</summary>
    public static string AppHost { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "AppHost", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Trellis.AppHost"));

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Aspire.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run the tests from a build inside the repository.");
    }
}
