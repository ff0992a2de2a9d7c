using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Simulators.Carrier.Faults;

/// <summary>The fault switches.</summary>
internal static class FaultsApi
{
    public static IEndpointRouteBuilder MapFaults(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/faults", (FaultSwitches switches) => TypedResults.Ok(switches.Current));
        app.MapPut("/v1/faults", Put);
        return app;
    }

    /// <summary>Sets all switches; those that are not named go back to none.</summary>
    private static Ok<FaultSettings> Put(FaultSettings settings, FaultSwitches switches)
    {
        switches.Current = settings;
        return TypedResults.Ok(settings);
    }
}
