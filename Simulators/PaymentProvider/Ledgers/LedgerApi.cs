using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>The ledger, for tests: it answers at once and rightly, whatever the fault switches say.</summary>
internal static class LedgerApi
{
    public static IHostApplicationBuilder AddLedger(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<LedgerSettings>(LedgerSettings.Section, static (values, settings) => values.Bind(settings));
        builder.Services.AddSingleton<Ledger>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Ledger>());
        builder.Services.AddHostedService<PendingCharges>();
        return builder;
    }

    public static IEndpointRouteBuilder MapLedger(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/ledger", ReadAsync);
        return app;
    }

    private static async Task<Ok<MovementPage>> ReadAsync(
        Ledger ledger, [Range(0, long.MaxValue)] long after = 0, [Range(1, 10_000)] int limit = 1000) =>
        TypedResults.Ok(await ledger.RunAsync(book => book.Page(after, limit)));
}
