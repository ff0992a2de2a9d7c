using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting;

/// <summary>How a question ended.</summary>
/// <typeparam name="T">What an answer to it is.</typeparam>
public class InteractionResult<T>
{
    internal InteractionResult(T? data, bool canceled)
    {
        Data = data;
        Canceled = canceled;
    }

    /// <summary>The answer.</summary>
    public T? Data { get; }

    /// <summary>Whether the question was closed, or taken back, without an answer.</summary>
    [MemberNotNullWhen(false, nameof(Data))]
    public bool Canceled { get; }
}
