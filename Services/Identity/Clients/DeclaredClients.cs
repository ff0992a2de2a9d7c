using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using Shop.Identity.Users;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Identity.Clients;

/// <summary>Makes the database know the clients that the settings declare, and forget those that they no longer do.</summary>
internal sealed partial class DeclaredClients(
    IOpenIddictApplicationManager applications,
    UserManager<User> users,
    IOptions<IdentitySettings> settings,
    IHostEnvironment environment,
    ILogger<DeclaredClients> logger)
{
    /// <summary>The property of a client that came from the settings.</summary>
    private const string Declared = "declared";

    /// <summary>The property of a client that acts in a user's name: the user's id.</summary>
    public const string Subject = "subject";

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var clients = settings.Value.Clients
            // Nobody acts in a person's name with a secret from a file, but on a developer's machine.
            .Where(client => client.Value.User is null || environment.IsDevelopment())
            .ToDictionary(StringComparer.Ordinal);
        foreach (var (id, client) in clients)
        {
            await WriteAsync(id, client, cancellationToken);
        }

        var gone = new List<object>();
        await foreach (var application in applications.ListAsync(cancellationToken: cancellationToken))
        {
            if (!clients.ContainsKey((await applications.GetClientIdAsync(application, cancellationToken))!)
                && (await applications.GetPropertiesAsync(application, cancellationToken)).ContainsKey(Declared))
            {
                gone.Add(application);
            }
        }

        foreach (var application in gone)
        {
            LogGone(logger, await applications.GetClientIdAsync(application, cancellationToken));
            await applications.DeleteAsync(application, cancellationToken);
        }
    }

    private async Task WriteAsync(string id, ClientSettings client, CancellationToken cancellationToken)
    {
        foreach (var unknown in client.Scopes.Except(settings.Value.Scopes.Keys, StringComparer.Ordinal))
        {
            LogUnknownScope(logger, id, unknown);
        }

        var subject = client.User is { } user ? await FindOrAddAsync(user) : null;
        var wanted = Describe(id, client, subject);
        if (await applications.FindByClientIdAsync(id, cancellationToken) is not { } known)
        {
            await applications.CreateAsync(wanted, cancellationToken);
        }
        else if (!await IsAsync(known, wanted, cancellationToken))
        {
            await applications.UpdateAsync(known, wanted, cancellationToken);
        }
    }

    private static OpenIddictApplicationDescriptor Describe(string id, ClientSettings client, string? subject)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = id,
            ClientSecret = client.Secret,
            ClientType = ClientTypes.Confidential,
            Permissions = { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials },
            Properties = { [Declared] = JsonSerializer.SerializeToElement(value: true) },
        };
        descriptor.Permissions.UnionWith(client.Scopes.Select(scope => Permissions.Prefixes.Scope + scope));
        if (subject is not null)
        {
            descriptor.Properties[Subject] = JsonSerializer.SerializeToElement(subject);
        }

        return descriptor;
    }

    // Secrets are stored as salted hashes: written anew each time, every start would be a change.
    private async Task<bool> IsAsync(object application, OpenIddictApplicationDescriptor wanted, CancellationToken cancellationToken)
    {
        var properties = await applications.GetPropertiesAsync(application, cancellationToken);
        return wanted.Permissions.SetEquals(await applications.GetPermissionsAsync(application, cancellationToken))
            && properties.Count == wanted.Properties.Count
            && wanted.Properties.All(property => properties.TryGetValue(property.Key, out var value) && JsonElement.DeepEquals(value, property.Value))
            && await applications.ValidateClientSecretAsync(application, wanted.ClientSecret!, cancellationToken);
    }

    private async Task<string> FindOrAddAsync(string name)
    {
        if (await users.FindByNameAsync(name) is { } known)
        {
            return known.Id.ToString();
        }

        var user = new User { UserName = name };
        var added = await users.CreateAsync(user);
        return added.Succeeded
            ? user.Id.ToString()
            : throw new InvalidOperationException($"The user '{name}' cannot be added: {string.Join(' ', added.Errors.Select(error => error.Description))}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the client {Client}, which the settings no longer declare")]
    private static partial void LogGone(ILogger logger, string? client);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The client {Client} is meant to have the scope {Scope}, which is not among Identity__Scopes: nobody gets a token for it")]
    private static partial void LogUnknownScope(ILogger logger, string client, string scope);
}
