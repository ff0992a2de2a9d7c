namespace Shop.Identity.Keys;

/// <summary>When there must be a new key, which one is in use, and which one nobody needs any more.</summary>
internal static class KeyPlan
{
    /// <summary>From when the next key is to be used; nothing while it is too early to make one.</summary>
    /// <param name="keys">The keys of one purpose.</param>
    /// <param name="now">The time.</param>
    /// <param name="settings">How long keys are used and announced.</param>
    public static DateTimeOffset? NextFrom(IReadOnlyCollection<StoredKey> keys, DateTimeOffset now, IdentitySettings settings)
    {
        if (keys.Count == 0)
        {
            return now;
        }

        var newest = keys.Max(key => key.ActiveFrom);
        var end = newest + settings.KeyLifetime;
        return now < end - settings.KeyAnnouncement ? null
            // Late, because nobody was there to do it: announced all the same.
            : end > now + settings.KeyAnnouncement ? end : now + settings.KeyAnnouncement;
    }

    /// <summary>The keys of one purpose in the order in which they count: the one in use, those to come, those that were.</summary>
    public static IEnumerable<StoredKey> InOrder(IReadOnlyCollection<StoredKey> keys, DateTimeOffset now)
    {
        var current = Current(keys, now);
        return keys.OrderBy(key => key.Id != current?.Id).ThenByDescending(key => key.ActiveFrom);
    }

    /// <summary>The keys of one purpose with which nothing was made that is still valid.</summary>
    public static IEnumerable<StoredKey> Expired(IReadOnlyCollection<StoredKey> keys, DateTimeOffset now, IdentitySettings settings)
    {
        // A replica may notice the change a little later than another one, and clocks differ.
        var grace = settings.AccessTokenLifetime + TimeSpan.FromHours(1);
        return Current(keys, now) is { } current && current.ActiveFrom + grace < now ? keys.Where(key => key.ActiveFrom < current.ActiveFrom) : [];
    }

    private static StoredKey? Current(IReadOnlyCollection<StoredKey> keys, DateTimeOffset now) =>
        keys.Where(key => key.ActiveFrom <= now).MaxBy(key => key.ActiveFrom) ?? keys.MinBy(key => key.ActiveFrom);
}
