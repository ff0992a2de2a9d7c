using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Shop.Identity.Keys;

/// <summary>Gives the token server its keys.</summary>
internal sealed class ServerKeys(KeyRing ring) : IConfigureOptions<OpenIddictServerOptions>
{
    public void Configure(OpenIddictServerOptions options)
    {
        foreach (var key in ring.Of(KeyPurpose.Signing))
        {
            options.SigningCredentials.Add(new(key, SecurityAlgorithms.RsaSha256));
        }

        foreach (var key in ring.Of(KeyPurpose.Encryption))
        {
            options.EncryptionCredentials.Add(new(key, SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes256CbcHmacSha512));
        }

        if (options.SigningCredentials.Count == 0)
        {
            // The token server looks at every request, a probe for instance, and wants keys even then. Nothing is ever signed with these: until the
            // kept ones are there, the gate is closed.
            options.SigningCredentials.Add(new(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)), SecurityAlgorithms.EcdsaSha256));
            options.EncryptionCredentials.Add(new(
                new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        }
    }
}
