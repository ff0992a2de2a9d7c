using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Interactions;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is the setting <c>Parameters:name</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret = false)
        => builder.AddParameter(CreateParameter(builder, name, secret));

    /// <summary>Adds a parameter with a value that the AppHost gives.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Whether the manifest holds the value.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        return builder.AddParameter(name, () => value, publishValueAsDefault, secret);
    }

    /// <summary>Adds a parameter with a value that the AppHost is asked for when it is first needed.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="valueGetter">Gives the value.</param>
    /// <param name="publishValueAsDefault">Whether the manifest holds the value.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        Func<string> valueGetter,
        bool publishValueAsDefault = false,
        bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(valueGetter);
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret));
        }

        return builder.AddParameter(new ParameterResource(name, parameterDefault => parameterDefault?.GetDefaultValue() ?? valueGetter(), secret)
        {
            Default = publishValueAsDefault ? new ConstantParameterDefault(valueGetter) : null,
        });
    }

    /// <summary>Adds a parameter whose value is any setting.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="configurationKey">The setting's key.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string configurationKey,
        bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(configurationKey);
        return builder.AddParameter(CreateParameter(builder, name, configurationKey, secret));
    }

    /// <summary>Adds a parameter with a default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">Where the value comes from when the setting <c>Parameters:name</c> is missing.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether a generated value is kept in the user secrets.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false)
    {
        var parameter = CreateParameter(builder, name, secret);
        parameter.Default = persist && builder.ExecutionContext.IsRunMode
            ? new UserSecretsParameterDefault(name, value, UserSecretsManager.Of(builder))
            : value;
        return builder.AddParameter(parameter);
    }

    /// <summary>Says what the parameter is for, where its value is asked for.</summary>
    /// <param name="builder">The parameter.</param>
    /// <param name="description">The text.</param>
    /// <param name="enableMarkdown">Whether the text is Markdown.</param>
    public static IResourceBuilder<ParameterResource> WithDescription(this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(description);
        builder.Resource.Description = description;
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
    }

    /// <summary>Adds a connection string that is the setting <c>ConnectionStrings:name</c>; the manifest asks for it as for a secret parameter.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="environmentVariableName">The variable that references hand it over in, in place of <c>ConnectionStrings__name</c>.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string? environmentVariableName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddParameter(new ConnectionStringParameterResource(name, Find, environmentVariableName));

        string Find(ParameterDefault? parameterDefault)
            => builder.Configuration.GetConnectionString(name)
                ?? throw new MissingParameterValueException($"The connection string '{name}' is missing: the setting 'ConnectionStrings:{name}' has no value.");
    }

    /// <summary>Writes the resource to the manifest as a connection string that is asked for when it is deployed.</summary>
    public static void ConfigureConnectionStringManifestPublisher(IResourceBuilder<IResourceWithConnectionString> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var parameter = new ParameterResource(builder.Resource.Name, _ => string.Empty, secret: true) { IsConnectionString = true };
        builder.WithManifestPublishingCallback(context => context.WriteParameter(parameter));
    }

    /// <summary>Sets the field in which the value is asked for when it is missing.</summary>
    /// <param name="builder">The parameter.</param>
    /// <param name="createInput">Makes the field. Two fields of one application need two names.</param>
    public static IResourceBuilder<ParameterResource> WithCustomInput(
        this IResourceBuilder<ParameterResource> builder, Func<ParameterResource, InteractionInput> createInput)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(createInput);
        return builder.WithAnnotation(new ParameterInputAnnotation(createInput), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>A parameter that is not in the model yet; the manifest gets it once something refers to it.</summary>
    public static ParameterResource CreateParameter(IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return CreateParameter(builder, name, $"Parameters:{name}", secret);
    }

    private static ParameterResource CreateParameter(IDistributedApplicationBuilder builder, string name, string key, bool secret)
    {
        return new ParameterResource(name, Find, secret) { SourceKey = key };

        string Find(ParameterDefault? parameterDefault)
            => builder.Configuration[key]
                ?? builder.Configuration[key.Replace('-', '_')]
                ?? parameterDefault?.GetDefaultValue()
                ?? throw new MissingParameterValueException(
                    $"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter has no default value.");
    }

    /// <summary>A secret parameter that holds a generated password of 22 characters, the same from run to run.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0)
        => CreateGeneratedParameter(builder, name, secret: true, new GenerateParameterDefault
        {
            // 128 bits of entropy, with the full alphabet.
            MinLength = 22,
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        });

    /// <summary>A parameter that holds a generated value, the same from run to run.</summary>
    public static ParameterResource CreateGeneratedParameter(
        IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        bool secret,
        GenerateParameterDefault parameterDefault)
    {
        var parameter = CreateParameter(builder, name, secret);
        parameter.Default = builder.ExecutionContext.IsRunMode
            ? new UserSecretsParameterDefault(name, parameterDefault, UserSecretsManager.Of(builder))
            : parameterDefault;
        return parameter;
    }

    private static IResourceBuilder<T> AddParameter<T>(this IDistributedApplicationBuilder builder, T parameter)
        where T : ParameterResource
        => builder.AddResource(parameter).WithInitialState(new CustomResourceSnapshot
        {
            ResourceType = KnownResourceTypes.Parameter,
            Properties = [new ResourcePropertySnapshot(CustomResourceKnownProperties.Source, parameter.ConfigurationKey)],
            State = KnownResourceStates.Waiting,
        });
}
