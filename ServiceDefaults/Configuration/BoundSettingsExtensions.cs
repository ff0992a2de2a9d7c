using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Trellis.ServiceDefaults.Configuration;

namespace Microsoft.Extensions.Hosting;

/// <summary>Settings that are checked when the service starts, for services that are not compiled ahead of time.</summary>
public static class BoundSettingsExtensions
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
        where TSettings : class, new() => builder.AddSettings<TSettings>(section, static (values, settings) => values.Bind(settings));
}
