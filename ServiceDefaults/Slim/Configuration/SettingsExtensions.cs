using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trellis.ServiceDefaults.Configuration;

namespace Microsoft.Extensions.Hosting;

/// <summary>Settings that are checked when the service starts.</summary>
public static class SettingsExtensions
{
    /// <summary>
    /// Binds a settings type to a section of the configuration, as <c>IOptions</c>, and refuses to start while a value cannot be read or breaks a
    /// rule. All that is wrong is in one message, each by the environment variable that sets it. The binding is the caller's, because the source
    /// generator of configuration bindings has to see the type: <c>(values, settings) => values.Bind(settings)</c>.
    /// </summary>
    /// <typeparam name="TSettings">See <see cref="SettingsGroup.Type"/>.</typeparam>
    /// <param name="builder">The host under construction.</param>
    /// <param name="section">The section, for example <c>Health</c>.</param>
    /// <param name="bind">Sets what the section has a value for; an <see cref="InvalidOperationException"/> says that a value cannot be read.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="section"/> is empty.</exception>
    public static IHostApplicationBuilder AddSettings<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TSettings>(
        this IHostApplicationBuilder builder, string section, Action<IConfigurationSection, TSettings> bind)
        where TSettings : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(section);
        ArgumentNullException.ThrowIfNull(bind);
        builder.Services.AddOptions<TSettings>().Configure<IConfiguration>((settings, configuration) =>
        {
            try
            {
                bind(configuration.GetSection(section), settings);
            }
            catch (InvalidOperationException)
            {
                // A value that cannot be read. The validation says which, together with all others; until then the rest has its defaults.
            }
        });
        builder.Services.AddSingleton(new SettingsGroup(section, typeof(TSettings))
        {
            Bound = static services => services.GetRequiredService<IOptions<TSettings>>().Value,
        });
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
