using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Clients.Tests;

internal static class TestHost
{
    /// <summary>A host in Development with nothing but the settings given.</summary>
    public static IHost Build(Action<HostApplicationBuilder> add, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = Environments.Development,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        add(builder);
        return builder.Build();
    }
}
