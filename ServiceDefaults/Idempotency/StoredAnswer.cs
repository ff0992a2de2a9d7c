namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>An answer as it was given the first time.</summary>
internal sealed record StoredAnswer(byte[] Fingerprint, int Status, string? ContentType, string? Location, string? EntityTag, byte[] Body);
