using System.Data.Common;

namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>The service's database, under a type of its own: the service may have others registered.</summary>
internal sealed record IdempotencyDatabase(DbDataSource Source);
