namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something whose value is known at run time only.</summary>
public interface IValueProvider
{
    /// <summary>The value; waits until it is known.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as the caller in the context is to see it.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
        => GetValueAsync(cancellationToken);
}
