using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Shop.Receipts.Lambda;

/// <summary>
/// The service's own server, on a socket that only this program knows: a request of Lambda meets the same limits, checks and problems as any other.
/// </summary>
internal sealed class InnerServer : IDisposable
{
    private const string Address = "http://receipts";
    private static readonly string[] NotOurs = ["host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "keep-alive"];
    private static readonly string[] NotTheirs = ["transfer-encoding", "connection", "keep-alive", "date", "content-length", "set-cookie"];

    private readonly string _folder = Directory.CreateTempSubdirectory("receipts-").FullName;
    private readonly HttpClient _http;

    public InnerServer()
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            // The caller's trace goes on as it is.
            ActivityHeadersPropagator = null,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Where the server listens.</summary>
    public string SocketPath => Path.Combine(_folder, "http");

    /// <summary>Sends a request of Lambda to the service.</summary>
    /// <exception cref="FormatException">The event is no request.</exception>
    public async Task<HttpAnswer> SendAsync(HttpEvent request, string? traceId, CancellationToken cancellationToken)
    {
        using var message = ToMessage(request);
        if (traceId is not null && IsPlain(traceId))
        {
            message.Headers.TryAddWithoutValidation("X-Amzn-Trace-Id", traceId);
        }

        using var answer = await _http.SendAsync(message, cancellationToken);
        return await ToAnswerAsync(answer, cancellationToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static HttpRequestMessage ToMessage(HttpEvent request)
    {
        var path = PathOf(request);
        var message = new HttpRequestMessage(
            HttpMethod.Parse(request.RequestContext!.Http!.Method!),
            new Uri(Address + path + (string.IsNullOrEmpty(request.RawQueryString) ? "" : "?" + request.RawQueryString)));
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(request.IsBase64Encoded ? Convert.FromBase64String(body) : System.Text.Encoding.UTF8.GetBytes(body));
            // What is too large is refused before it is sent.
            message.Headers.ExpectContinue = true;
        }

        foreach (var (name, value) in request.Headers ?? new Dictionary<string, string?>())
        {
            if (value is null || !IsPlain(value) || NotOurs.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (request.Cookies is { Count: > 0 } cookies && cookies.All(IsPlain))
        {
            message.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies));
        }

        return message;
    }

    // A stage that has a name is the first part of the path.
    private static string PathOf(HttpEvent request)
    {
        if (request is not { Version: "2.0", RawPath: ['/', ..] path, RequestContext.Http.Method.Length: > 0 })
        {
            throw new FormatException("The event is not a request of an HTTP API in payload format 2.0.");
        }

        var stage = "/" + request.RequestContext.Stage;
        return stage.Length > 1 && path.StartsWith(stage + "/", StringComparison.Ordinal) ? path[stage.Length..] : path;
    }

    private static bool IsPlain(string value) => !value.AsSpan().ContainsAny('\r', '\n', '\0');

    private static async Task<HttpAnswer> ToAnswerAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var isText = answer.Content.Headers.ContentEncoding.Count == 0 && IsText(answer.Content.Headers.ContentType);
        var headers = answer.Headers.Concat(answer.Content.Headers)
            .Where(header => !NotTheirs.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(",", header.Value), StringComparer.Ordinal);
        return new HttpAnswer(
            (int)answer.StatusCode,
            headers,
            answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [],
            isText ? System.Text.Encoding.UTF8.GetString(body) : Convert.ToBase64String(body),
            !isText);
    }

    private static bool IsText(MediaTypeHeaderValue? type) => type?.MediaType is null or "application/json" or "application/problem+json"
        || type.MediaType.StartsWith("text/", StringComparison.Ordinal);
}
