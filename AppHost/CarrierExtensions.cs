namespace Aspire.Hosting;

/// <summary>The carrier, which is somebody else's.</summary>
internal static class CarrierExtensions
{
    private const string Name = "carrier";

    /// <summary>Tells Fulfilment where the carrier is. Published, that is a parameter. While the AppHost runs a simulator stands for it.</summary>
    public static IResourceBuilder<ProjectResource> WithCarrier(this IResourceBuilder<ProjectResource> fulfilment)
    {
        var builder = fulfilment.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
        {
            return fulfilment.WithEnvironment("Carrier__Url", builder.AddParameter($"{Name}-url"));
        }

        var simulator = builder.AddProject<Projects.Carrier>(Name)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/ready")
            .WithEnvironment("Journal__Folder", FolderOf(builder, Name))
            .ExcludeFromManifest();
        return fulfilment
            .WithEnvironment("Carrier__Url", simulator.GetEndpoint("http"))
            .WithEnvironment("Reports__Folder", FolderOf(builder, "reports"));
    }

    // Beside the data of the servers.
    private static string FolderOf(IDistributedApplicationBuilder builder, string name)
    {
        var root = builder.Configuration["Processes:DataRoot"] is { Length: > 0 } set ? set : "../.data";
        return Path.GetFullPath(Path.Combine(root, name), builder.AppHostDirectory);
    }
}
