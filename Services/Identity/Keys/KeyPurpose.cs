namespace Shop.Identity.Keys;

/// <summary>What a key is for.</summary>
public enum KeyPurpose
{
    /// <summary>Signs what others read: access tokens.</summary>
    Signing = 0,

    /// <summary>Encrypts what only this service reads: authorization codes and refresh tokens.</summary>
    Encryption = 1,
}
