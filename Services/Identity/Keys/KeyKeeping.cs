using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Shop.Identity.Data;

namespace Shop.Identity.Keys;

/// <summary>Makes the keys that there must be, removes those that nobody needs, and takes them into use. Replicas share them through the database.</summary>
internal sealed partial class KeyKeeping(
    KeyRing ring,
    KeyProtection protection,
    IOptions<IdentitySettings> settings,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger<KeyKeeping> logger)
{
    /// <summary>Takes the stored keys into use. To be called while no other replica does: two would make two first keys.</summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="InvalidOperationException">The keys were encrypted with another secret.</exception>
    public async Task KeepAsync(IdentityDbContext database, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var stored = await database.Keys.ToListAsync(cancellationToken);
        var opened = stored.ToDictionary(key => key.Id, key => Open(key, database));
        var ready = new List<(KeyPurpose Purpose, RsaSecurityKey Key)>();
        foreach (var purpose in Enum.GetValues<KeyPurpose>())
        {
            var keys = stored.Where(key => key.Purpose == purpose && opened[key.Id] is not null).ToList();
            if (KeyPlan.NextFrom(keys, now, settings.Value) is { } from)
            {
                var key = protection.Make(purpose, from);
                database.Keys.Add(key);
                keys.Add(key);
                opened[key.Id] = protection.Open(key);
                LogMade(logger, purpose, key.Id, from);
            }

            foreach (var key in KeyPlan.Expired(keys, now, settings.Value).ToList())
            {
                database.Keys.Remove(key);
                keys.Remove(key);
                LogRemoved(logger, purpose, key.Id);
            }

            ready.AddRange(KeyPlan.InOrder(keys, now).Select(key => (purpose, opened[key.Id]!)));
        }

        // Before anything is signed with them.
        await database.SaveChangesAsync(cancellationToken);
        if (!ring.Is(ready.Select(key => key.Key.KeyId)))
        {
            ring.Set(ready);
        }
    }

    private RsaSecurityKey? Open(StoredKey stored, IdentityDbContext database)
    {
        try
        {
            return ring.Find(stored.Id.ToString("N")) ?? protection.Open(stored);
        }
        catch (CryptographicException exception)
        {
            if (!environment.IsDevelopment())
            {
                throw new InvalidOperationException(
                    $"The key {stored.Id} in the database was encrypted with another secret. Give Identity__KeySecret the value that it had, or delete the rows of the table keys: then all tokens end.",
                    exception);
            }

            // On a developer's machine the secret is easily lost, and nobody depends on the tokens.
            LogGivenUp(logger, stored.Id);
            database.Keys.Remove(stored);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the {Purpose} key {Key}, in use from {From}")]
    private static partial void LogMade(ILogger logger, KeyPurpose purpose, Guid key, DateTimeOffset from);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the {Purpose} key {Key}: nothing that was made with it is still valid")]
    private static partial void LogRemoved(ILogger logger, KeyPurpose purpose, Guid key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removed the key {Key}, because it was encrypted with another secret than Identity__KeySecret; tokens signed with it are refused from now on")]
    private static partial void LogGivenUp(ILogger logger, Guid key);
}
