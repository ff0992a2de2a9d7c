using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Http;

/// <summary>Fills the settings of a client: those of all clients first, then its own.</summary>
internal sealed class NamedClientSettings(IConfiguration configuration) : IConfigureNamedOptions<HttpClientSettings>
{
    public void Configure(HttpClientSettings options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, HttpClientSettings options)
    {
        // The settings without a name are those of all clients; they are bound where they are registered.
        if (!string.IsNullOrEmpty(name))
        {
            Bind(configuration.GetSection(HttpClientSettings.Section), options);
            Bind(configuration.GetSection(SectionOf(name)), options);
        }
    }

    public static string SectionOf(string client) => $"{HttpClientSettings.ClientsSection}:{client}";

    private static void Bind(IConfigurationSection section, HttpClientSettings settings)
    {
        try
        {
            section.Bind(settings);
        }
        catch (InvalidOperationException)
        {
            // A value that cannot be read; the validation at the start says which.
        }
    }
}
