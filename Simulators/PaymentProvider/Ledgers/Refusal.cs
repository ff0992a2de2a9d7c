namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>Why something is not done.</summary>
/// <param name="Status">The status code that says so.</param>
/// <param name="Detail">The reason.</param>
internal sealed record Refusal(int Status, string Detail)
{
    public static Refusal KeyOfAnother(string key) =>
        new(StatusCodes.Status422UnprocessableEntity, $"The idempotency key '{key}' was used for another request.");

    public static Refusal NoSuchCharge(string id) => new(StatusCodes.Status404NotFound, $"There is no charge '{id}'.");

    public static Refusal NotCharged(string id) => new(StatusCodes.Status409Conflict, $"Charge '{id}' has not succeeded: there is nothing to refund.");

    public static Refusal TooMuch(string id, long left) => new(StatusCodes.Status409Conflict, $"Of charge '{id}' {left} can still be refunded.");
}
