using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Shop.Inventory.Stock;

/// <summary>Answers UNAVAILABLE instead of UNKNOWN while the database is away.</summary>
internal sealed partial class DatabaseAway(ILogger<DatabaseAway> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception failure) when (IsAway(failure))
        {
            throw Unavailable(failure);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception failure) when (IsAway(failure))
        {
            throw Unavailable(failure);
        }
    }

    private static bool IsAway(Exception failure) => failure is RetryLimitExceededException
        || failure.GetBaseException() is NpgsqlException { IsTransient: true } or System.Net.Sockets.SocketException
        || failure is NpgsqlException { IsTransient: true };

    private RpcException Unavailable(Exception failure)
    {
        LogAway(logger, failure.GetBaseException().Message);
        return new RpcException(new Status(StatusCode.Unavailable, "The inventory's database does not answer. Try again in a moment."));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The inventory's database does not answer ({Reason})")]
    private static partial void LogAway(ILogger logger, string reason);
}
