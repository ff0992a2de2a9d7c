using System.Data.Common;

namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>
/// The service's database, under a type of its own: the service may have others registered. Not looked for before it is used: a wrong connection string is for the
/// check of the settings to name, and while the contract is written there is none.
/// </summary>
internal sealed class IdempotencyDatabase(Func<DbDataSource> find)
{
    private readonly Lazy<DbDataSource> _source = new(find);

    public DbDataSource Source => _source.Value;
}
