using System.Globalization;

namespace Aspire.Hosting;

/// <summary>Who gets tokens from Identity, and who accepts them.</summary>
internal static class IdentityBuilderExtensions
{
    /// <summary>Gives Identity what it encrypts its keys with: generated once, the same for every replica.</summary>
    public static IResourceBuilder<ProjectResource> WithKeySecret(this IResourceBuilder<ProjectResource> identity) =>
        identity.WithEnvironment("Identity__KeySecret", identity.AddSecret("key-secret"));

    /// <summary>The gateway's address makes the name that Identity has in its tokens.</summary>
    public static IResourceBuilder<ProjectResource> IsReachedThrough(
        this IResourceBuilder<ProjectResource> identity, IResourceBuilder<ProjectResource> gateway) =>
        // By a callback: it makes no reference of the one to the other, which would close a circle.
        identity.WithEnvironment(context => context.EnvironmentVariables["Identity__Issuer"] = ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/identity"));

    /// <summary>
    /// Lets the service believe Identity's tokens that are meant for it: its name is the audience. It asks Identity directly for the keys, in plain HTTP inside
    /// the network, and learns there what the issuer is called outside.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AcceptTokensOf(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<ProjectResource> identity) => service
        .WithEnvironment("Authentication__Schemes__Bearer__MetadataAddress", $"{identity.GetEndpoint("http")}/identity/.well-known/openid-configuration")
        .WithEnvironment("Authentication__Schemes__Bearer__RequireHttpsMetadata", "false")
        .WithEnvironment("Authentication__Schemes__Bearer__ValidAudiences__0", service.Resource.Name);

    /// <summary>Makes the service a client of Identity, which may ask for these scopes and no others; it does so with <c>AddServiceToken</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithServiceToken(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<ProjectResource> identity, params string[] scopes)
    {
        var name = service.Resource.Name;
        var secret = service.AddSecret("client-secret");
        identity.WithEnvironment($"Identity__Clients__{name}__Secret", secret);
        for (var index = 0; index < scopes.Length; index++)
        {
            identity.WithEnvironment(string.Create(CultureInfo.InvariantCulture, $"Identity__Clients__{name}__Scopes__{index}"), scopes[index]);
        }

        return service
            .WithEnvironment("ServiceToken__Endpoint", $"{identity.GetEndpoint("http")}/identity/connect/token")
            .WithEnvironment("ServiceToken__ClientId", name)
            .WithEnvironment("ServiceToken__ClientSecret", secret);
    }

    private static IResourceBuilder<ParameterResource> AddSecret(this IResourceBuilder<ProjectResource> owner, string kind) => owner.ApplicationBuilder.AddParameter(
        $"{owner.Resource.Name}-{kind}", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
}
