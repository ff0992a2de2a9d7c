using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Idempotency;

namespace Microsoft.Extensions.Hosting;

/// <summary>Requests that may be sent again without happening again.</summary>
public static class IdempotencyExtensions
{
    /// <summary>
    /// Remembers idempotency keys in a table of the service's own PostgreSQL database, <c>idempotency_keys</c>, which it makes. Settings: section
    /// <c>Idempotency</c>.
    /// </summary>
    /// <param name="builder">The host under construction.</param>
    /// <param name="database">Finds the database, for example an <c>NpgsqlDataSource</c>; who made it disposes it.</param>
    /// <returns>The same builder.</returns>
    public static IHostApplicationBuilder AddIdempotencyKeys(this IHostApplicationBuilder builder, Func<IServiceProvider, DbDataSource> database)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(database);
        builder.AddSettings<IdempotencySettings>(IdempotencySettings.Section);
        builder.Services.AddSingleton(services => new IdempotencyDatabase(() => database(services)));
        builder.Services.AddSingleton<IdempotencyKeys>();
        builder.Services.AddHostedService<IdempotencyUpkeep>();
        return builder;
    }

    /// <summary>
    /// Demands the header <c>Idempotency-Key</c>: 400 without it. The same key and request, of the same caller, get the same answer; the same
    /// key with another request gets 422; while the first is being carried out, others wait, and get 409 when that takes too long. Write in the transaction
    /// of <see cref="IdempotentRequest"/>.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint or a group of them.</typeparam>
    /// <param name="endpoint">The endpoint or group.</param>
    /// <returns>The same endpoint or group.</returns>
    public static TBuilder RequireIdempotencyKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new IdempotencyKeyDemand());

    internal static void UseIdempotencyKeys(this WebApplication app)
    {
        if (app.Services.GetService<IdempotencyKeys>() is not { } keys)
        {
            return;
        }

        app.Use((context, next) => context.GetEndpoint()?.Metadata.GetMetadata<IdempotencyKeyDemand>() is null
            ? next(context)
            : keys.ServeAsync(context, next));
    }
}
