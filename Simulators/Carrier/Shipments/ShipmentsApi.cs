using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Simulators.Carrier.Faults;

namespace Shop.Simulators.Carrier.Shipments;

/// <summary>Handing over and withdrawing, the part that behaves as badly as the fault switches say, and the list of all for tests, which does not.</summary>
internal static class ShipmentsApi
{
    public static IHostApplicationBuilder AddShipments(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<CarrierSettings>(CarrierSettings.Section, static (values, settings) => values.Bind(settings));
        builder.Services.AddSingleton<ShipmentDesk>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ShipmentDesk>());
        return builder;
    }

    public static IEndpointRouteBuilder MapShipments(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/shipments", async (ShipmentDesk desk) => TypedResults.Ok(await desk.AllAsync()));
        var shipments = app.MapGroup("/v1/shipments").AddEndpointFilter<FaultyAnswers>();
        shipments.MapPost("", HandOverAsync);
        shipments.MapGet("{reference}", FindAsync);
        shipments.MapDelete("{reference}", WithdrawAsync);
        return app;
    }

    // Nothing here ends when the caller hangs up: who hands something over may never be told that it was accepted.
    private static async Task<Results<Created<Shipment>, ProblemHttpResult>> HandOverAsync(ShipmentDraft draft, ShipmentDesk desk, FaultSwitches faults)
    {
        var shipment = await desk.HandOverAsync(draft.Reference!, faults.Current.RefusalRate);
        return shipment.Status switch
        {
            ShipmentStatus.Accepted => TypedResults.Created($"/v1/shipments/{Uri.EscapeDataString(shipment.Reference)}", shipment),
            ShipmentStatus.Refused => TypedResults.Problem("This shipment is refused.", statusCode: StatusCodes.Status422UnprocessableEntity),
            _ => TypedResults.Problem("This shipment was withdrawn.", statusCode: StatusCodes.Status410Gone),
        };
    }

    private static async Task<Results<Ok<Shipment>, NotFound>> FindAsync([StringLength(100)] string reference, ShipmentDesk desk) =>
        await desk.FindAsync(reference) is { } shipment ? TypedResults.Ok(shipment) : TypedResults.NotFound();

    private static async Task<Results<NoContent, Conflict<Shipment>>> WithdrawAsync([StringLength(100)] string reference, ShipmentDesk desk, FaultSwitches faults)
    {
        var shipment = await desk.WithdrawAsync(reference, faults.Current.OnItsWayRate);
        return shipment.Status == ShipmentStatus.Accepted ? TypedResults.Conflict(shipment) : TypedResults.NoContent();
    }
}
