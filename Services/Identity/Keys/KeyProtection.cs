using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Shop.Identity.Keys;

/// <summary>Makes private keys, and encrypts them so that a copy of the database does not give them away.</summary>
internal sealed class KeyProtection(IOptions<IdentitySettings> settings)
{
    /// <summary>What OpenID Connect asks every implementation to understand is RS256.</summary>
    private const int KeySize = 2048;

    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 100_000);

    public StoredKey Make(KeyPurpose purpose, DateTimeOffset activeFrom)
    {
        using var key = RSA.Create(KeySize);
        return new StoredKey
        {
            Id = Guid.CreateVersion7(activeFrom),
            Purpose = purpose,
            ActiveFrom = activeFrom,
            PrivateKey = key.ExportEncryptedPkcs8PrivateKey(settings.Value.KeySecret, Encryption),
        };
    }

    /// <summary>Decrypts a key.</summary>
    /// <exception cref="CryptographicException">It was encrypted with another secret.</exception>
    public RsaSecurityKey Open(StoredKey stored)
    {
        var key = RSA.Create();
        try
        {
            key.ImportEncryptedPkcs8PrivateKey(settings.Value.KeySecret, stored.PrivateKey, out _);
            return new RsaSecurityKey(key) { KeyId = stored.Id.ToString("N") };
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
