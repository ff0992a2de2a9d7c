using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.Management;

internal static class ManagementRegistration
{
    /// <summary>Adds the port named by <c>Management:Port</c>, if there is one.</summary>
    public static void AddManagementPort(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ManagementSettings>(ManagementSettings.Section, static (values, settings) => values.Bind(settings));
        builder.Services.AddSingleton<Operators>();
        builder.Services.AddSingleton<IStartupFilter, ManagementPort>();
    }
}
