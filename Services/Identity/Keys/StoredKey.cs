namespace Shop.Identity.Keys;

/// <summary>A private key as the database keeps it.</summary>
public sealed class StoredKey
{
    public required Guid Id { get; init; }

    public required KeyPurpose Purpose { get; init; }

    /// <summary>From when it takes the place of the one before. Until then it is only published.</summary>
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>PKCS #8, encrypted with the service's secret (RFC 8018, PBES2).</summary>
    public required byte[] PrivateKey { get; init; }
}
