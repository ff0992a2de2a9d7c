namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>Marks an endpoint whose requests carry an idempotency key.</summary>
internal sealed class IdempotencyKeyDemand;
