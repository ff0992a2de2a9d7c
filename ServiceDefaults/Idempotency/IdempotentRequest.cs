using System.Data.Common;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>
/// The transaction that remembers the key of the request being served. What an endpoint writes in it is committed together with the
/// answer, or not at all: after a crash in between, the repeated request finds neither. An endpoint takes it as a parameter; with Entity Framework Core:
/// <c>db.Database.SetDbConnection(request.Connection); await db.Database.UseTransactionAsync(request.Transaction);</c>
/// </summary>
/// <param name="connection">See <see cref="Connection"/>.</param>
/// <param name="transaction">See <see cref="Transaction"/>.</param>
public sealed class IdempotentRequest(DbConnection connection, DbTransaction transaction)
{
    /// <summary>The connection to the service's database, open.</summary>
    public DbConnection Connection { get; } = connection;

    /// <summary>The transaction; it is committed when the answer is a success and rolled back otherwise. Leave both to it.</summary>
    public DbTransaction Transaction { get; } = transaction;

    /// <summary>Finds the transaction of a request; how ASP.NET Core fills in the parameter.</summary>
    /// <param name="context">The request.</param>
    /// <param name="parameter">The parameter.</param>
    /// <returns>The transaction.</returns>
    /// <exception cref="InvalidOperationException">The endpoint does not demand an idempotency key.</exception>
    public static ValueTask<IdempotentRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult<IdempotentRequest?>(context.Features.Get<IdempotentRequest>()
            ?? throw new InvalidOperationException("The endpoint needs RequireIdempotencyKey(), and the service AddIdempotencyKeys()."));
    }
}
