namespace Aspire.Hosting;

/// <summary>Makes answers.</summary>
public static class InteractionResult
{
    /// <summary>An answer.</summary>
    /// <param name="result">What was answered.</param>
    public static InteractionResult<T> Ok<T>(T result) => new(result, canceled: false);

    /// <summary>No answer: the question was closed or taken back.</summary>
    /// <param name="data">What is known all the same.</param>
    public static InteractionResult<T> Cancel<T>(T? data = default) => new(data, canceled: true);
}
