namespace Shop.Simulators.Carrier.Faults;

/// <summary>Answers as badly as the switches say.</summary>
internal sealed class FaultyAnswers(FaultSwitches faults, TimeProvider time) : IEndpointFilter
{
    private static readonly TimeSpan BrokenAfter = TimeSpan.FromSeconds(1);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var settings = faults.Current;

        // Also for a caller who hangs up meanwhile: what he asked for is done all the same.
        await Task.Delay(TimeSpan.FromMilliseconds(settings.LatencyMs), time, CancellationToken.None);
        if (FaultSwitches.Happens(settings.ErrorRate))
        {
            if (FaultSwitches.Happens(0.5))
            {
                await next(context);
            }

            return TypedResults.Problem("A fault switch is on.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var answer = await next(context);
        if (FaultSwitches.Happens(settings.TimeoutRate))
        {
            await Task.Delay(BrokenAfter, time, context.HttpContext.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.HttpContext.Abort();
        }

        return answer;
    }
}
