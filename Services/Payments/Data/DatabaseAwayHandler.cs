using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Shop.Payments.Data;

/// <summary>Answers 503 with a time to come back, instead of 500, while the database is away or not prepared yet.</summary>
internal sealed class DatabaseAwayHandler(DatabasePreparation preparation, IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var cause = exception.GetBaseException();
        var away = exception is RetryLimitExceededException
            || cause is NpgsqlException { IsTransient: true } or System.Net.Sockets.SocketException
            || (!preparation.Done.IsCompleted && cause is PostgresException);
        if (!away)
        {
            return false;
        }

        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = "2";
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            Exception = exception,
            ProblemDetails =
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Detail = "The database of payments does not answer. Try again in a moment.",
            },
        });
    }
}
