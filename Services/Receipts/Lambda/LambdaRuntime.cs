using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Shop.Receipts.Lambda;

/// <summary>
/// The runtime API of AWS Lambda, version 2018-06-01 (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), as far as a function needs it.
/// </summary>
internal sealed class LambdaRuntime : IDisposable
{
    private const string ErrorType = "Lambda-Runtime-Function-Error-Type";

    private readonly HttpClient _http;

    /// <summary>At an address.</summary>
    /// <param name="address">Host and port.</param>
    public LambdaRuntime(string address)
    {
        // An invocation comes when it comes. Asking for it is no part of anybody's trace.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            BaseAddress = Uri.TryCreate($"http://{address}/2018-06-01/runtime/", UriKind.Absolute, out var uri)
                ? uri
                : throw new InvalidOperationException("AWS_LAMBDA_RUNTIME_API must be a host and a port."),
        };
    }

    /// <summary>Waits for the next invocation.</summary>
    public async Task<Invocation> NextAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync("invocation/next", cancellationToken);
        answer.EnsureSuccessStatusCode();
        return new Invocation(
            HeaderOf(answer, "Lambda-Runtime-Aws-Request-Id") ?? throw new HttpRequestException("The runtime API gave an invocation without an id."),
            long.TryParse(HeaderOf(answer, "Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture, out var deadline) ? DateTimeOffset.FromUnixTimeMilliseconds(deadline) : null,
            HeaderOf(answer, "Lambda-Runtime-Trace-Id"),
            // Once begun it is carried out, also while the service stops.
            await answer.Content.ReadAsByteArrayAsync(CancellationToken.None));
    }

    /// <summary>Answers an invocation.</summary>
    /// <returns>What the runtime API said to it.</returns>
    public async Task<HttpStatusCode> AnswerAsync(string id, HttpAnswer answer)
    {
        using var said = await _http.PostAsync($"invocation/{id}/response", JsonContent.Create(answer, LambdaJson.Default.HttpAnswer));
        return said.StatusCode;
    }

    /// <summary>Says that an invocation failed.</summary>
    public Task FailAsync(string id, string type, string message) => ReportAsync($"invocation/{id}/error", type, message);

    /// <summary>Says that the function could not start. Never throws: why it could not start matters more.</summary>
    public async Task FailToStartAsync(Exception failure)
    {
        try
        {
            await ReportAsync("init/error", $"Startup.{failure.GetType().Name}", failure.Message);
        }
        catch (HttpRequestException unreachable)
        {
            await Console.Error.WriteLineAsync($"The runtime API cannot be told: {unreachable.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static string? HeaderOf(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private async Task ReportAsync(string path, string type, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(new Failure(message, type), LambdaJson.Default.Failure, new MediaTypeHeaderValue("application/vnd.aws.lambda.error+json")),
        };
        request.Headers.Add(ErrorType, type);
        using var said = await _http.SendAsync(request);
    }

    internal sealed record Failure(string ErrorMessage, string ErrorType);
}
