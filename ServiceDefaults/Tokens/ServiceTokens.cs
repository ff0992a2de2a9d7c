using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Trellis.ServiceDefaults.Tokens;

/// <summary>
/// The tokens of the service, one for each set of scopes. All calls share it; shortly before it ends it is replaced in the background, so that no call waits,
/// and none fails while the endpoint is away for a moment.
/// </summary>
internal sealed partial class ServiceTokens(TokenEndpoint endpoint, TimeProvider time, ILogger<ServiceTokens> logger)
{
    /// <summary>
    /// Who refuses a token as new as this would refuse the next one, too. It is also the pause after a background renewal that failed: the token at hand is
    /// still good.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    /// <summary>A token for the scopes (separated by spaces), from the endpoint if there is none.</summary>
    /// <exception cref="HttpRequestException">There is none, and nobody could be asked for one.</exception>
    /// <exception cref="InvalidOperationException">There is none, and the service is refused one.</exception>
    public async ValueTask<string> GetAsync(string scopes, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(scopes, _ => new Slot());
        Task<ServiceToken> renewal;
        lock (slot.Lock)
        {
            var now = time.GetUtcNow();
            var good = slot.Token?.IsGood(now) == true;
            if (!good || (slot.Token!.IsOld(now) && now >= slot.NextRenewal))
            {
                slot.Renewal ??= Task.Run(() => RenewAsync(slot, scopes), CancellationToken.None);
            }

            if (good)
            {
                return slot.Token!.Value;
            }

            renewal = slot.Renewal!;
        }

        // One caller who gives up must not take the token from the others.
        return (await renewal.WaitAsync(cancellationToken)).Value;
    }

    /// <summary>Forgets a token that was refused, unless it is so new that another one would be refused as well.</summary>
    /// <returns>Whether another one may do better.</returns>
    public bool Forget(string scopes, string token)
    {
        var slot = _slots.GetOrAdd(scopes, _ => new Slot());
        lock (slot.Lock)
        {
            if (slot.Token?.Value != token)
            {
                return true;
            }

            if (time.GetUtcNow() < slot.Token.From + Pause)
            {
                return false;
            }

            slot.Token = null;
            return true;
        }
    }

    private async Task<ServiceToken> RenewAsync(Slot slot, string scopes)
    {
        try
        {
            var token = await endpoint.AskAsync(scopes);
            lock (slot.Lock)
            {
                (slot.Token, slot.Renewal) = (token, null);
            }

            return token;
        }
        catch (Exception failure)
        {
            lock (slot.Lock)
            {
                (slot.NextRenewal, slot.Renewal) = (time.GetUtcNow() + Pause, null);
            }

            LogFailed(logger, scopes, failure.Message);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No token for {Scopes}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string scopes, string reason);

    private sealed class Slot
    {
        public Lock Lock { get; } = new();

        public ServiceToken? Token { get; set; }

        public Task<ServiceToken>? Renewal { get; set; }

        public DateTimeOffset NextRenewal { get; set; }
    }
}
