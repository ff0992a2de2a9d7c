namespace Trellis.Messaging.Tests;

/// <summary>The broker between the services of the bank.</summary>
internal interface IKillableBroker : IAsyncDisposable
{
    string ConnectionString { get; }

    Task KillAsync();

    Task RestartAsync();

    /// <summary>How many messages have not been completed, as far as the broker tells.</summary>
    Task<long> CountWaitingAsync();

    Task<long> CountDeadLettersAsync();
}
