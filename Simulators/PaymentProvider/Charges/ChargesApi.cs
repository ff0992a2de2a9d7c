using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Simulators.PaymentProvider.Faults;
using Shop.Simulators.PaymentProvider.Ledgers;

namespace Shop.Simulators.PaymentProvider.Charges;

/// <summary>Charging and refunding, the part that behaves as badly as the fault switches say.</summary>
internal static class ChargesApi
{
    private const string KeyHeader = "Idempotency-Key";
    private const string KeyRule = "[!-~]{1,100}";
    private const string KeyMessage = "The header Idempotency-Key must have 1 to 100 visible characters.";

    public static IEndpointRouteBuilder MapCharges(this IEndpointRouteBuilder app)
    {
        var charges = app.MapGroup("/v1/charges").AddEndpointFilter<FaultyAnswers>();
        charges.MapPost("", ChargeAsync);
        charges.MapGet("", FindAsync);
        charges.MapGet("{id}", GetAsync);
        charges.MapPost("{id}/refunds", RefundAsync);
        return app;
    }

    // Nothing here ends when the caller hangs up: who asked for a charge may get it without ever being told.
    private static async Task<Results<Created<Charge>, ProblemHttpResult>> ChargeAsync(
        ChargeDraft draft,
        Ledger ledger,
        [FromHeader(Name = KeyHeader), RegularExpression(KeyRule, ErrorMessage = KeyMessage)] string key)
    {
        var outcome = await ledger.RunAsync(book => book.Charge(draft, key));
        return outcome.Refusal is { } refusal ? ToProblem(refusal) : TypedResults.Created($"/v1/charges/{outcome.Value!.Id}", outcome.Value);
    }

    private static async Task<Ok<ChargeList>> FindAsync(
        Ledger ledger, [StringLength(100, MinimumLength = 1)] string reference) =>
        TypedResults.Ok(new ChargeList(await ledger.RunAsync(book => book.Find(reference))));

    private static async Task<Results<Ok<Charge>, ProblemHttpResult>> GetAsync(string id, Ledger ledger) =>
        await ledger.RunAsync(book => book.Get(id)) is { } charge ? TypedResults.Ok(charge) : ToProblem(Refusal.NoSuchCharge(id));

    private static async Task<Results<Created<Refund>, ProblemHttpResult>> RefundAsync(
        string id,
        RefundDraft draft,
        Ledger ledger,
        [FromHeader(Name = KeyHeader), RegularExpression(KeyRule, ErrorMessage = KeyMessage)] string key)
    {
        var outcome = await ledger.RunAsync(book => book.Refund(id, draft.Amount!.Value, key));
        return outcome.Refusal is { } refusal ? ToProblem(refusal) : TypedResults.Created((string?)null, outcome.Value);
    }

    private static ProblemHttpResult ToProblem(Refusal refusal) => TypedResults.Problem(refusal.Detail, statusCode: refusal.Status);
}
