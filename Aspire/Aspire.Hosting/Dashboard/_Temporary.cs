// Placeholder until the dashboard is merged: delete this file then.
namespace Aspire.Hosting.Dashboard;

internal sealed class DashboardOptions
{
    public string OtlpGrpcUrl { get; set; } = "";
    public string OtlpHttpUrl { get; set; } = "";
    public string? OtlpApiKey { get; set; }
}

internal static class TemporaryDashboardExtensions
{
    public static Microsoft.Extensions.DependencyInjection.IServiceCollection AddDashboard(this Microsoft.Extensions.DependencyInjection.IServiceCollection services) => services;
}
