namespace Trellis.ServiceDefaults.Health;

/// <summary>
/// Keeps <c>/ready</c>, and every other route but the operators', at 503 while the service still prepares itself (migrations, warm-up), though it
/// already listens and is live: what it would answer now may be wrong, and cached as if it were right.
/// Take a hold before the host starts, in the constructor of the hosted service that does the work, and dispose it when done.
/// </summary>
public interface IStartupGate
{
    /// <summary>What the service still waits for: the names of the holds not yet released.</summary>
    IReadOnlyCollection<string> Waiting { get; }

    /// <summary>Holds the gate.</summary>
    /// <param name="name">What is being waited for, as <c>/ready</c> shows it, for example <c>migrations</c>.</param>
    /// <returns>The hold; disposing it, any number of times, releases it.</returns>
    IDisposable Hold(string name);
}
