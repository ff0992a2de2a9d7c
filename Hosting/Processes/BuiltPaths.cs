using System.Reflection;

namespace Trellis.Hosting.Processes;

/// <summary>What the build put beside or into this assembly.</summary>
internal static class BuiltPaths
{
    /// <summary>Garnet's executable; <see langword="null"/> when it was not built.</summary>
    public static string? Garnet => Existing(Path.ChangeExtension(Metadata("Garnet"), null));

    /// <summary>The mock of Kafka's executable; <see langword="null"/> when it was not built.</summary>
    public static string? KafkaMock => Existing(Path.ChangeExtension(Metadata("KafkaMock"), null));

    /// <summary>The folder with initdb and postgres from npm; <see langword="null"/> when they were not restored.</summary>
    public static string? EmbeddedPostgres =>
        Metadata("EmbeddedPostgres") is { } native && Existing(Path.Combine(native, "bin", "postgres")) is { } postgres ? Path.GetDirectoryName(postgres) : null;

    /// <summary>A launcher beside the AppHost.</summary>
    /// <param name="fileName">The script's name.</param>
    public static string Launcher(string fileName) => Path.Combine(AppContext.BaseDirectory, fileName);

    private static string? Metadata(string key) => typeof(BuiltPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == key)?.Value;

    private static string? Existing(string? path) => File.Exists(path) ? path : null;
}
