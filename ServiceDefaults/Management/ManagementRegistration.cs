using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.Management;

internal static class ManagementRegistration
{
    private const string PortKey = "Management:Port";

    /// <summary>Adds the port named by <c>Management:Port</c>, if there is one.</summary>
    /// <exception cref="InvalidOperationException"><c>Management:Port</c> is not a port.</exception>
    public static void AddManagementPort(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[PortKey] is not { Length: > 0 } configured)
        {
            return;
        }

        if (!ushort.TryParse(configured, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            throw new InvalidOperationException(
                $"{PortKey} (environment variable MANAGEMENT__PORT) is '{configured}'; it must be a port from 1 to 65535, or empty for no management port.");
        }

        builder.Services.AddSingleton<IStartupFilter>(new ManagementPort(port));
    }
}
