using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Trellis.ServiceDefaults.Management;

namespace Trellis.Messaging;

/// <summary>Lets operators have messages handled again.</summary>
public static class MessageReplayEndpoints
{
    /// <summary>Maps <c>POST /messages/replay</c> for operators, as <see cref="DeadLetterEndpoints.MapDeadLetters"/> does with the scope <c>operations.write</c>.</summary>
    /// <remarks>
    /// The body is <c>{"type": "...", "since": "2026-11-23T10:00:00Z"}</c> or <c>{"type": "...", "partition": 3, "offset": 120}</c>, the answer <c>{"replayed": number}</c>. It is 400 when the
    /// service does not handle the type, 501 when the broker keeps nothing that was handled, and 503 while it is away.
    /// </remarks>
    /// <param name="endpoints">The service's routes.</param>
    /// <returns>The same routes.</returns>
    public static IEndpointRouteBuilder MapMessageReplay(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapPost(ManagementPaths.Messages + "/replay", ReplayAsync).AllowAnonymous().ExcludeFromDescription().ForOperators(Operators.WriteScope);
        return endpoints;
    }

    private static async Task<Results<Ok<Replayed>, ValidationProblem, ProblemHttpResult>> ReplayAsync(IMessageReplay replay, ReplayRequest request, CancellationToken cancellationToken)
    {
        if (StartOf(request) is not { } start)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["since"] = ["must be given, or partition and offset (both from 0), and not all of them"] });
        }

        try
        {
            return TypedResults.Ok(new Replayed(await OperatorRoutes.AskAsync(() => replay.ReplayAsync(request.Type ?? string.Empty, start, cancellationToken))));
        }
        catch (ArgumentException unknown)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { [unknown.ParamName ?? "type"] = [unknown.Message] });
        }
        catch (NotSupportedException refusal)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status501NotImplemented, detail: refusal.Message);
        }
    }

    private static ReplayStart? StartOf(ReplayRequest request) => request switch
    {
        { Since: { } since, Partition: null, Offset: null } => ReplayStart.At(since),
        { Since: null, Partition: { } partition and >= 0, Offset: { } offset and >= 0 } => ReplayStart.At(partition, offset),
        _ => null,
    };

    internal sealed record ReplayRequest(string? Type, DateTimeOffset? Since, int? Partition, long? Offset);

    internal sealed record Replayed([property: JsonPropertyName("replayed")] int Count);
}
