namespace Trellis.ServiceDefaults.Errors;

/// <summary>
/// Another service could not be called, or not in time: its breaker is open, too many calls are under way, or the time is up. A caller of this
/// service who is told of it gets 503 with <c>Retry-After</c>.
/// </summary>
/// <param name="message">What happened.</param>
/// <param name="retryAfter">When to try again, if that is known.</param>
/// <param name="innerException">The cause.</param>
public sealed class DependencyUnavailableException(string message, TimeSpan? retryAfter, Exception? innerException)
    : HttpRequestException(message, innerException)
{
    /// <summary>When to try again, if that is known.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
