using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Simulators.PaymentProvider.Faults;

/// <summary>The fault switches.</summary>
internal static class FaultsApi
{
    public static IEndpointRouteBuilder MapFaults(this IEndpointRouteBuilder app)
    {
        var faults = app.MapGroup("/v1/faults");
        faults.MapGet("", (FaultSwitches switches) => TypedResults.Ok(switches.Current));
        faults.MapPut("", Put);
        return app;
    }

    /// <summary>Sets all switches; those that are not named go back to none.</summary>
    private static Ok<FaultSettings> Put(FaultSettings settings, FaultSwitches switches)
    {
        switches.Current = settings;
        return TypedResults.Ok(settings);
    }
}
