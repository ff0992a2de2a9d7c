using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Configuration;

namespace Microsoft.Extensions.Hosting;

/// <summary>Settings that are checked when the service starts.</summary>
public static class SettingsExtensions
{
    /// <summary>
    /// Binds a settings type to a section of the configuration, as <c>IOptions</c>, and refuses to start while a value cannot be read or breaks a
    /// rule. All that is wrong is in one message, each by the environment variable that sets it.
    /// </summary>
    /// <typeparam name="TSettings">See <see cref="SettingsGroup.Type"/>.</typeparam>
    /// <param name="builder">The host under construction.</param>
    /// <param name="section">The section, for example <c>Health</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="section"/> is empty.</exception>
    public static IHostApplicationBuilder AddSettings<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TSettings>(
        this IHostApplicationBuilder builder, string section)
        where TSettings : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(section);
        builder.Services.AddOptions<TSettings>().Configure<IConfiguration>((settings, configuration) =>
        {
            try
            {
                configuration.GetSection(section).Bind(settings);
            }
            catch (InvalidOperationException)
            {
                // A value that cannot be read. The validation says which, together with all others; until then the rest has its defaults.
            }
        });
        builder.Services.AddSingleton(new SettingsGroup(section, typeof(TSettings)));
        return builder;
    }

    /// <summary>Refuses to start while a setting is missing or empty.</summary>
    /// <param name="builder">The host under construction.</param>
    /// <param name="key">The configuration key, for example <c>ConnectionStrings:catalogdb</c>.</param>
    /// <param name="meaning">What it is, as the rest of a sentence that begins with "it": <c>must be the connection string of the database</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">An argument is empty.</exception>
    public static IHostApplicationBuilder RequireSetting(this IHostApplicationBuilder builder, string key, string meaning)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(meaning);
        builder.Services.AddSingleton(new RequiredSetting(key, meaning));
        return builder;
    }
}
