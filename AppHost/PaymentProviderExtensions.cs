namespace Aspire.Hosting;

/// <summary>The payment provider, which is somebody else's.</summary>
internal static class PaymentProviderExtensions
{
    private const string Name = "payment-provider";
    private const string CallbackPath = "/api/payments/callbacks";

    /// <summary>
    /// Tells Payments where the provider is. Published, that is a parameter. While the AppHost runs a simulator stands for it, whose callbacks come through the gateway as
    /// the real one's do.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithPaymentProvider(this IResourceBuilder<ProjectResource> payments, IResourceBuilder<ProjectResource> gateway)
    {
        var builder = payments.ApplicationBuilder;
        var key = builder.AddParameter(
            $"{payments.Resource.Name}-callback-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        payments.WithEnvironment("Provider__CallbackKey", key);
        if (builder.ExecutionContext.IsPublishMode)
        {
            return payments.WithEnvironment("Provider__Url", builder.AddParameter($"{Name}-url"));
        }

        var simulator = builder.AddProject<Projects.PaymentProvider>(Name)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/ready")
            .WithEnvironment("Ledger__Folder", FolderOf(builder))
            // By a callback: it makes no reference of the one to the other, which would close a circle.
            .WithEnvironment(context => context.EnvironmentVariables["Callbacks__Url"] = ReferenceExpression.Create($"{gateway.GetEndpoint("http")}{CallbackPath}"))
            .WithEnvironment("Callbacks__Key", key)
            .ExcludeFromManifest();
        return payments.WithEnvironment("Provider__Url", simulator.GetEndpoint("http"));
    }

    // Beside the data of the servers.
    private static string FolderOf(IDistributedApplicationBuilder builder)
    {
        var root = builder.Configuration["Processes:DataRoot"] is { Length: > 0 } set ? set : "../.data";
        return Path.GetFullPath(Path.Combine(root, Name), builder.AppHostDirectory);
    }
}
