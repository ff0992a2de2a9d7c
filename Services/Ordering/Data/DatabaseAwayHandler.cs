using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Shop.Ordering.Data;

/// <summary>Answers 503 with a time to come back, instead of 500, while the database is away or not prepared yet.</summary>
internal sealed class DatabaseAwayHandler(DatabasePreparation preparation, IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!IsAway(exception))
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
                Detail = "The database of orders does not answer. Try again in a moment.",
            },
        });
    }

    private bool IsAway(Exception exception)
    {
        // What the catalogue's client throws has sockets at its bottom too, and is told of elsewhere.
        if (exception is HttpRequestException)
        {
            return false;
        }

        var cause = exception.GetBaseException();
        return exception is RetryLimitExceededException
            || exception is NpgsqlException { IsTransient: true }
            || exception.InnerException is NpgsqlException { IsTransient: true }
            || cause is NpgsqlException { IsTransient: true } or System.Net.Sockets.SocketException
            || (!preparation.Done.IsCompleted && cause is PostgresException);
    }
}
