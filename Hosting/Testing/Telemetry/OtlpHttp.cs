using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trellis.Hosting.Testing.Otlp;

namespace Trellis.Hosting.Testing;

/// <summary>OTLP over HTTP with binary protobuf (the section OTLP/HTTP of its specification). A request that is refused is answered with a Status message.</summary>
internal sealed class OtlpHttp(OtlpIntake intake)
{
    private const string ContentType = "application/x-protobuf";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/traces", context => TakeAsync(context, intake.AddTraces));
        routes.MapPost("/v1/logs", context => TakeAsync(context, intake.AddLogs));
        routes.MapPost("/v1/metrics", context => TakeAsync(context, intake.AddMetrics));
    }

    /// <summary>Answers with an error.</summary>
    public static async Task RefuseAsync(HttpContext context, int status, StatusCode code, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        await context.Response.Body.WriteAsync(new RpcStatus { Code = (int)code, Message = reason }.ToByteArray(), context.RequestAborted).ConfigureAwait(false);
    }

    private async Task TakeAsync(HttpContext context, Func<byte[], byte[]> add)
    {
        if (context.Request.ContentType?.Split(';')[0].Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase) != true)
        {
            await RefuseAsync(StatusCodes.Status415UnsupportedMediaType, StatusCode.InvalidArgument, $"This receiver reads {ContentType}.").ConfigureAwait(false);
            return;
        }

        // The middleware that unpacks takes the header away where it knows the encoding.
        if (context.Request.Headers.ContentEncoding is { Count: > 0 } encoding && !encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = "gzip, identity";
            await RefuseAsync(StatusCodes.Status415UnsupportedMediaType, StatusCode.InvalidArgument, $"The encoding {encoding} is not known.").ConfigureAwait(false);
            return;
        }

        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            var answer = add(body.ToArray());
            context.Response.ContentType = ContentType;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            await RefuseAsync(exception.StatusCode, StatusCode.ResourceExhausted, exception.Message).ConfigureAwait(false);
        }
        catch (InvalidOperationException exception)
        {
            // What the middleware that unpacks says of more bytes than it may unpack.
            await RefuseAsync(StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted, exception.Message).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            await RefuseAsync(StatusCodes.Status400BadRequest, StatusCode.InvalidArgument, exception.Message).ConfigureAwait(false);
        }

        Task RefuseAsync(int status, StatusCode code, string reason)
        {
            intake.Refuse(reason);
            return OtlpHttp.RefuseAsync(context, status, code, reason);
        }
    }
}
