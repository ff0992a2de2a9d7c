using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Payments.Charging;

namespace Shop.Payments.Callbacks;

/// <summary>The route on which the provider tells what has become of a charge.</summary>
internal static class CallbacksApi
{
    public static IHostApplicationBuilder AddCallbacks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CallbackSignature>();
        builder.Services.AddScoped<CallbackInbox>();
        builder.Services.AddHostedService<CallbackRetention>();
        return builder;
    }

    public static IEndpointRouteBuilder MapCallbacks(this IEndpointRouteBuilder app)
    {
        // Who calls is told by the signature.
        app.MapPost("/api/payments/callbacks", ReceiveAsync).WithName("ReceiveCallback").WithTags("Callbacks").AllowAnonymous()
            .WithSummary("Take a callback of the payment provider")
            .WithDescription("Anything but 204 asks the provider to send it again. One that came before has no second effect.")
            .Accepts<ProviderEvent>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return app;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReceiveAsync(
        HttpRequest request,
        CallbackSignature signature,
        CallbackInbox inbox,
        PaymentMetrics metrics,
        CancellationToken cancellationToken,
        [FromHeader(Name = CallbackSignature.Header)]
        [Description("t=<Unix seconds>,v1=<hex of the HMAC-SHA256 over the seconds, a full stop and the body>; several v1 may be there.")]
        string? signed = null)
    {
        // As it came: what is signed are bytes. The server refuses a body that is too large.
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        switch (signature.Check(signed, body.GetBuffer().AsSpan(0, (int)body.Length)))
        {
            case SignatureVerdict.Forged:
                metrics.CallbackReceived("forged");
                return Refused($"The header {CallbackSignature.Header} is missing, or its signature does not fit the body.");
            case SignatureVerdict.OutOfTime:
                metrics.CallbackReceived("out-of-time");
                return Refused("The signature is too old, or of the future.");
        }

        if (Read(body.GetBuffer().AsSpan(0, (int)body.Length)) is not { } told)
        {
            metrics.CallbackReceived("unreadable");
            return TypedResults.Problem("The body is not an event with an id, a type and a charge.", statusCode: StatusCodes.Status400BadRequest);
        }

        metrics.CallbackReceived(await inbox.TakeAsync(told, cancellationToken));
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Refused(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status401Unauthorized);

    private static ProviderEvent? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            // A text with NUL is none for the database.
            return JsonSerializer.Deserialize<ProviderEvent>(body, JsonSerializerOptions.Web) is
            { Id: { Length: > 0 and <= ReceivedCallback.LongestId } id, Type: not null, Charge: { Id: not null, Reference: not null, Status: not null } } told
                && id.All(letter => letter is > ' ' and <= '~')
                    ? told
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
