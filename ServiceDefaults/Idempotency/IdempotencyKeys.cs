using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>
/// Carries a request with an <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header) out once, and gives its answer again to
/// whoever repeats it. An answer that is no success leaves nothing behind: the key may be used again.
/// </summary>
internal sealed class IdempotencyKeys(
    IdempotencyDatabase database, IOptions<IdempotencySettings> settings, IProblemDetailsService problems, TimeProvider time)
{
    public const string Header = "Idempotency-Key";

    public const int LongestKey = 255;

    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        var header = context.Request.Headers[Header];
        // The draft writes keys in quotes, most clients do not.
        var key = header.Count == 1 ? header[0]!.Trim().Trim('"') : "";
        if (key.Length is 0 or > LongestKey || key.Any(character => character is < ' ' or > '~'))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest,
                $"One header Idempotency-Key is needed, of 1 to {LongestKey} ASCII characters; a UUID will do.");
            return;
        }

        var fingerprint = await FingerprintAsync(context.Request);
        var caller = context.User.FindFirst("sub")?.Value ?? "";
        await using var connection = await database.Source.OpenConnectionAsync(context.RequestAborted);
        await using var transaction = await connection.BeginTransactionAsync(context.RequestAborted);
        StoredAnswer? earlier;
        try
        {
            earlier = await IdempotencyTable.TakeAsync(
                transaction, caller, key, fingerprint, time.GetUtcNow(), settings.Value, context.RequestAborted);
        }
        catch (DbException busy) when (busy.SqlState == IdempotencyTable.LockNotAvailable)
        {
            context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(context, StatusCodes.Status409Conflict, "A request with this Idempotency-Key is still being carried out.");
            return;
        }

        if (earlier is null)
        {
            await CarryOutAsync(context, next, transaction, caller, key, fingerprint);
        }
        else if (earlier.Fingerprint.AsSpan().SequenceEqual(fingerprint))
        {
            await RepeatAsync(context.Response, earlier);
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key was used for another request.");
        }
    }

    private static async Task CarryOutAsync(
        HttpContext context, RequestDelegate next, DbTransaction transaction, string caller, string key, byte[] fingerprint)
    {
        var response = context.Response;
        var wire = response.Body;
        using var body = new MemoryStream();
        context.Features.Set(new IdempotentRequest(transaction.Connection!, transaction));
        response.Body = body;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = wire;
        }

        if (response.StatusCode is >= 200 and < 300)
        {
            var headers = response.Headers;
            var answer = new StoredAnswer(fingerprint, response.StatusCode, response.ContentType, headers.Location, headers.ETag, body.ToArray());
            await IdempotencyTable.StoreAsync(transaction, caller, key, answer, CancellationToken.None);
            // Before the caller hears of it. Whoever left meanwhile gets the answer when he asks again.
            await transaction.CommitAsync(CancellationToken.None);
        }
        else
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }

        if (body.Length > 0)
        {
            body.Position = 0;
            await body.CopyToAsync(wire, context.RequestAborted);
        }
    }

    private static async Task RepeatAsync(HttpResponse response, StoredAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers.Location = answer.Location;
        response.Headers.ETag = answer.EntityTag;
        response.Headers["Idempotency-Replayed"] = "true";
        if (answer.Body.Length > 0)
        {
            await response.Body.WriteAsync(answer.Body);
        }
    }

    private static async Task<byte[]> FingerprintAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{request.ContentType}\n"));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private Task RefuseAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        return problems.WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = { Status = status, Detail = detail } }).AsTask();
    }
}
