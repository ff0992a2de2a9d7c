using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Trellis.ServiceDefaults.Management;

namespace Trellis.Messaging;

/// <summary>Lets operators see and redrive the dead letters of a service.</summary>
public static class DeadLetterEndpoints
{
    private const int MostListed = 1000;

    /// <summary>
    /// Maps <c>GET /dead-letters</c> and <c>POST /dead-letters/redrive</c>. They are for operators: with <c>Management:Port</c> set they answer on that port only;
    /// elsewhere they demand a token with the scope <c>operations.read</c> or <c>operations.write</c>. In Development they are open.
    /// </summary>
    /// <remarks>
    /// The list has the oldest first, at most <c>limit</c> (100) of them, without their contents. The body of the other, <c>{"ids": [...]}</c>, names what to redrive; without a body it is
    /// all. The answer is <c>{"redriven": number}</c>. While the broker is away both answer 503.
    /// </remarks>
    /// <param name="endpoints">The service's routes.</param>
    /// <returns>The same routes.</returns>
    public static IEndpointRouteBuilder MapDeadLetters(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var operators = endpoints.MapGroup(ManagementPaths.DeadLetters).AllowAnonymous().ExcludeFromDescription();
        operators.MapGet("", ListAsync).ForOperators(Operators.Scope);
        operators.MapPost("redrive", RedriveAsync).ForOperators(Operators.WriteScope);
        return endpoints;
    }

    private static async Task<Results<Ok<List<ListedLetter>>, ValidationProblem>> ListAsync(IDeadLetters letters, CancellationToken cancellationToken, int limit = 100)
    {
        if (limit is < 1 or > MostListed)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["limit"] = [$"must be from 1 to {MostListed}"] });
        }

        var found = await OperatorRoutes.AskAsync(() => letters.ReadAsync(limit, cancellationToken));
        return TypedResults.Ok(found.Select(letter => new ListedLetter(letter.Id, letter.Type, letter.Attempts, letter.DeadSince, letter.Reason, letter.Headers)).ToList());
    }

    private static async Task<Ok<Redriven>> RedriveAsync(IDeadLetters letters, [FromBody] Redrive? redrive, CancellationToken cancellationToken)
        => TypedResults.Ok(new Redriven(await OperatorRoutes.AskAsync(() => letters.RedriveAsync(redrive?.Ids, cancellationToken))));

    internal sealed record ListedLetter(
        Guid Id, string Type, int Attempts, DateTimeOffset DeadSince, string Reason, IReadOnlyDictionary<string, string> Headers);

    internal sealed record Redrive(IReadOnlyList<Guid>? Ids);

    internal sealed record Redriven([property: JsonPropertyName("redriven")] int Count);
}
