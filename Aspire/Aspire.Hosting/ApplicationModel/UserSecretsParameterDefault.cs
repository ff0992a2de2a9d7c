using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Keeps a generated value in the AppHost's user secrets, so that the next run has the same.</summary>
internal sealed class UserSecretsParameterDefault(string parameterName, ParameterDefault generated, UserSecretsManager userSecrets) : ParameterDefault
{
    public override string GetDefaultValue()
    {
        var value = generated.GetDefaultValue();
        userSecrets.TrySetSecret($"Parameters:{parameterName}", value);
        return value;
    }

    public override void WriteToManifest(ManifestPublishingContext context) => generated.WriteToManifest(context);
}
