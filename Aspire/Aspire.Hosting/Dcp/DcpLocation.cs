using System.Reflection;

namespace Aspire.Hosting.Dcp;

/// <summary>Finds the <c>dcp</c> program.</summary>
internal static class DcpLocation
{
    /// <summary>The setting that wins over what the build restored; the name is the Aspire CLI's.</summary>
    public const string SettingName = "ASPIRE_DCP_PATH";

    /// <summary>The metadata with which the build writes the restored program's path into an AppHost's assembly.</summary>
    public const string MetadataName = "dcpclipath";

    /// <summary>Returns the program's path, which need not exist; null when nothing names one.</summary>
    /// <param name="setting">The value of <see cref="SettingName"/>: the folder that holds the program, or the program itself.</param>
    /// <param name="appHost">The AppHost's assembly, which the build may have given the metadata <see cref="MetadataName"/>.</param>
    public static string? Find(string? setting, Assembly? appHost)
    {
        if (!string.IsNullOrWhiteSpace(setting))
        {
            return File.Exists(setting) ? setting : Path.Combine(setting, "dcp");
        }

        return appHost?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => string.Equals(metadata.Key, MetadataName, StringComparison.OrdinalIgnoreCase))?.Value;
    }
}
