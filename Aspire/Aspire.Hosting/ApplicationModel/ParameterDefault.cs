using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a parameter's value comes from when nobody gives one.</summary>
public abstract class ParameterDefault
{
    /// <summary>Writes the default to the manifest.</summary>
    public abstract void WriteToManifest(ManifestPublishingContext context);

    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}
