namespace Aspire.Hosting.ApplicationModel;

/// <summary>Asks for a snapshot at every interval in which at least so many keys changed.</summary>
internal sealed record RedisPersistenceAnnotation(TimeSpan Interval, long KeysChangedThreshold) : IResourceAnnotation;
