namespace Shop.Simulators.PaymentProvider.Faults;

/// <summary>Answers as badly as the switches say.</summary>
internal sealed class FaultyAnswers(FaultSwitches faults, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var settings = faults.Current;

        // Also for a caller who hangs up meanwhile: what he asked for is done all the same.
        await Task.Delay(faults.NextLatency(), time, CancellationToken.None);
        if (FaultSwitches.Happens(settings.ErrorRate))
        {
            if (FaultSwitches.Happens(0.5))
            {
                await next(context);
            }

            return TypedResults.Problem("A fault switch is on.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var answer = await next(context);
        if (HttpMethods.IsPost(http.Request.Method) && FaultSwitches.Happens(settings.TimeoutRate))
        {
            await WaitAsync(TimeSpan.FromMilliseconds(settings.TimeoutMs), http.RequestAborted);
            http.Abort();
        }

        return answer;
    }

    private async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(atMost, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The caller has given up.
        }
    }
}
