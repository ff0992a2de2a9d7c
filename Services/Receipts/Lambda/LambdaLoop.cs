using System.Net;
using System.Text.Json;

namespace Shop.Receipts.Lambda;

/// <summary>Takes one invocation after the other, as Lambda gives them.</summary>
internal sealed class LambdaLoop(LambdaRuntime runtime, InnerServer server, TimeProvider time, ILogger<LambdaLoop> log)
{
    /// <summary>What is left of an invocation's time to say that it is over.</summary>
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until the service stops. An invocation that has begun is answered.</summary>
    /// <returns>Whether it ended because it was told to.</returns>
    public async Task<bool> RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await HandleAsync(await runtime.NextAsync(stopping));
            }

            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (HttpRequestException lost)
        {
            // Lambda starts another one.
            LambdaLog.RuntimeLost(log, lost.Message);
            return false;
        }
    }

    private async Task HandleAsync(Invocation invocation)
    {
        HttpAnswer answer;
        try
        {
            answer = await AnswerAsync(invocation);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            // Neither message is passed on: it may repeat what was sent.
            LambdaLog.UnreadableEvent(log, invocation.Id);
            await runtime.FailAsync(invocation.Id, "Event.Unreadable", "The event is not a request of an HTTP API in payload format 2.0.");
            return;
        }
        catch (HttpRequestException failed)
        {
            LambdaLog.Failed(log, invocation.Id, failed.GetType().Name);
            await runtime.FailAsync(invocation.Id, "Function.Failed", "The request could not be carried out.");
            return;
        }

        switch (await runtime.AnswerAsync(invocation.Id, answer))
        {
            case HttpStatusCode.RequestEntityTooLarge:
                LambdaLog.TooLarge(log, invocation.Id);
                await runtime.FailAsync(invocation.Id, "Answer.TooLarge", "The answer is larger than Lambda takes.");
                break;
            case var said when (int)said >= 300:
                LambdaLog.AnswerRefused(log, invocation.Id, (int)said);
                break;
        }
    }

    private async Task<HttpAnswer> AnswerAsync(Invocation invocation)
    {
        using var deadline = new CancellationTokenSource();
        if (invocation.Deadline is { } end)
        {
            var left = end - time.GetUtcNow() - TimeToAnswer;
            if (left <= TimeSpan.Zero)
            {
                return TooLate(invocation);
            }

            deadline.CancelAfter(left);
        }

        var request = JsonSerializer.Deserialize(invocation.Event, LambdaJson.Default.HttpEvent) ?? throw new FormatException("The event is null.");
        try
        {
            return await server.SendAsync(request, invocation.TraceId, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return TooLate(invocation);
        }
    }

    private HttpAnswer TooLate(Invocation invocation)
    {
        LambdaLog.TooLate(log, invocation.Id);
        return HttpAnswer.TooLate;
    }
}
