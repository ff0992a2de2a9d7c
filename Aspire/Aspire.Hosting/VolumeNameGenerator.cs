using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Names volumes.</summary>
public static class VolumeNameGenerator
{
    /// <summary>A name that is the same from run to run and different from AppHost to AppHost.</summary>
    /// <exception cref="ArgumentException">The suffix holds characters that volume names may not.</exception>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (suffix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-')))
        {
            throw new ArgumentException($"The suffix '{suffix}' contains invalid characters. Only [a-zA-Z0-9_.-] are allowed.", nameof(suffix));
        }

        var application = builder.ApplicationBuilder;
        var name = new string([.. application.Environment.ApplicationName.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '_')]);
        var hash = application.Configuration["AppHost:Sha256"]!.ToLowerInvariant();
        return $"{name}-{hash[..10]}-{builder.Resource.Name}-{suffix}";
    }
}
