using System.ComponentModel.DataAnnotations;

namespace Shop.Identity.Clients;

/// <summary>Demands that every client has a secret worth the name, and something that it may ask for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ClientsAttribute : ValidationAttribute
{
    public const int ShortestSecret = 16;

    public override bool IsValid(object? value) => value is Dictionary<string, ClientSettings> clients
        && clients.Values.All(client => client.Secret.Length >= ShortestSecret && client.Scopes.Length > 0);
}
