namespace Aspire.Hosting.Tests;

/// <summary>Builders of small applications that this assembly describes itself.</summary>
internal static class TestApplication
{
    /// <summary>A builder that runs without a dashboard.</summary>
    public static IDistributedApplicationBuilder Create(params string[] args) => DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = args,
        AssemblyName = typeof(TestApplication).Assembly.GetName().Name,
        DisableDashboard = true,
    });
}
