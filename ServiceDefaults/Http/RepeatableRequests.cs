using System.Net.Http.Headers;
using Polly;

namespace Trellis.ServiceDefaults.Http;

/// <summary>Which calls may be made again.</summary>
internal static class RepeatableRequests
{
    public const string IdempotencyKey = "Idempotency-Key";

    // RFC 9110, 9.2.2.
    private static readonly HashSet<HttpMethod> Idempotent =
        [HttpMethod.Get, HttpMethod.Head, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options, HttpMethod.Trace];

    /// <summary>
    /// Whether a call that had this outcome may be made again: it failed in passing, and carrying it out twice is as good as once, or it was never
    /// sent.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="outcome">The answer or the failure.</param>
    /// <param name="longestPause">A destination that wants to be left alone for longer is not asked again.</param>
    /// <param name="now">The time at which a destination's <c>Retry-After</c> is read.</param>
    public static bool MayRepeat(HttpRequestMessage? request, Outcome<HttpResponseMessage> outcome, TimeSpan longestPause, DateTimeOffset now)
    {
        if (WasNeverSent(outcome.Exception))
        {
            return true;
        }

        return request is not null
            && (Idempotent.Contains(request.Method) || request.Headers.Contains(IdempotencyKey))
            && CanBeReadAgain(request.Content)
            && Microsoft.Extensions.Http.Resilience.HttpClientResiliencePredicates.IsTransient(outcome)
            && !(PauseOf(outcome.Result?.Headers.RetryAfter, now) > longestPause);
    }

    private static bool WasNeverSent(Exception? exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    /// <summary>
    /// Whether a second attempt could send the body. One that is gone with the first attempt would make an obscure failure of the second, in place of the answer
    /// to the first.
    /// </summary>
    /// <param name="content">The body, if any.</param>
    public static bool CanBeReadAgain(HttpContent? content) => content switch
    {
        MultipartContent parts => parts.All(CanBeReadAgain),
        // It knows its length where its stream can go back to the beginning.
        StreamContent stream => stream.Headers.ContentLength is not null,
        // A gRPC client's stream of messages, a type that its library keeps to itself. A single message is written anew each time.
        not null when content.GetType().Name.StartsWith("PushStreamContent", StringComparison.Ordinal) => false,
        _ => true,
    };

    private static TimeSpan? PauseOf(RetryConditionHeaderValue? retryAfter, DateTimeOffset now) =>
        retryAfter?.Delta ?? (retryAfter?.Date is { } date ? date - now : null);
}
