using System.Reflection;

namespace Aspire.Hosting;

/// <summary>Settings of the application that are needed before its configuration is read.</summary>
public sealed class DistributedApplicationOptions
{
    private readonly Lazy<Assembly?> _assembly;

    /// <summary>Creates the options.</summary>
    public DistributedApplicationOptions()
        => _assembly = new Lazy<Assembly?>(() => AssemblyName is null ? System.Reflection.Assembly.GetEntryAssembly() : System.Reflection.Assembly.Load(new AssemblyName(AssemblyName)));

    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The name of the AppHost's assembly; the entry assembly by default.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The folder of the AppHost's project; the build writes it into the assembly.</summary>
    public string? ProjectDirectory
    {
        get => field ?? Metadata("apphostprojectpath");
        set;
    }

    /// <summary>Whether there is to be no dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Whether the logs of resources are also written to the AppHost's own log.</summary>
    public bool EnableResourceLogging { get; set; }

    /// <summary>Whether plain HTTP is fine for the dashboard.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    internal Assembly? Assembly => _assembly.Value;

    /// <summary>A value that the build wrote into the AppHost's assembly.</summary>
    internal string? Metadata(string key) => Assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => string.Equals(attribute.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
