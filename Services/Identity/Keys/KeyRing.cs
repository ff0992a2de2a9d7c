using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Shop.Identity.Keys;

/// <summary>The keys of this replica. Whoever uses them learns of a change.</summary>
internal sealed class KeyRing : IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    private ConfigurationReloadToken _change = new();
    private ImmutableArray<(KeyPurpose Purpose, RsaSecurityKey Key)> _keys = [];

    public string Name => Options.DefaultName;

    /// <summary>The keys of a purpose, the one in use first.</summary>
    public IEnumerable<RsaSecurityKey> Of(KeyPurpose purpose) => _keys.Where(key => key.Purpose == purpose).Select(key => key.Key);

    /// <summary>Whether these are the keys, in this order.</summary>
    public bool Is(IEnumerable<string> ids) => _keys.Select(key => key.Key.KeyId).SequenceEqual(ids, StringComparer.Ordinal);

    /// <summary>The key of that id, if it is there.</summary>
    public RsaSecurityKey? Find(string id) => _keys.FirstOrDefault(key => key.Key.KeyId == id).Key;

    public void Set(IEnumerable<(KeyPurpose Purpose, RsaSecurityKey Key)> keys)
    {
        ImmutableInterlocked.InterlockedExchange(ref _keys, [.. keys]);
        Interlocked.Exchange(ref _change, new ConfigurationReloadToken()).OnReload();
    }

    public IChangeToken GetChangeToken() => Volatile.Read(ref _change);
}
