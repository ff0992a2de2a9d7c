namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that becomes known once and can be waited for.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class ValueSnapshot<T>
    where T : notnull
{
    private volatile TaskCompletionSource<T> _value = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the value is known.</summary>
    public bool IsValueSet => _value.Task.IsCompletedSuccessfully;

    /// <summary>The value, when it is known.</summary>
    public Task<T> GetValueAsync(CancellationToken cancellationToken = default) => _value.Task.WaitAsync(cancellationToken);

    /// <summary>Makes the value known; a later one takes its place.</summary>
    public void SetValue(T value) => Replace(source => source.TrySetResult(value));

    /// <summary>Lets all that wait fail.</summary>
    public void SetException(Exception exception) => Replace(source => source.TrySetException(exception));

    private void Replace(Func<TaskCompletionSource<T>, bool> complete)
    {
        if (!complete(_value))
        {
            var next = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            complete(next);
            _value = next;
        }
    }
}
