namespace Shop.Identity.Clients;

/// <summary>One that may ask for tokens.</summary>
internal sealed class ClientSettings
{
    /// <summary>What it proves itself with.</summary>
    public string Secret { get; set; } = "";

    /// <summary>What it may ask for.</summary>
    public string[] Scopes { get; set; } = [];

    /// <summary>The name of the user in whose name it acts; its own without. In Development only.</summary>
    public string? User { get; set; }
}
