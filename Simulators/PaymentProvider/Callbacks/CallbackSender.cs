using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Shop.Simulators.PaymentProvider.Faults;
using Shop.Simulators.PaymentProvider.Ledgers;

namespace Shop.Simulators.PaymentProvider.Callbacks;

/// <summary>
/// Tells of events until somebody takes them, also after a restart; as often and as late as the switches say, and in no order. Each time it is signed anew:
/// <c>Provider-Signature: t=&lt;Unix seconds&gt;,v1=&lt;hex of the HMAC-SHA256 over the seconds, a full stop and the body&gt;</c>.
/// </summary>
internal sealed partial class CallbackSender(
    Ledger ledger,
    FaultSwitches faults,
    IHttpClientFactory clients,
    IOptions<CallbackSettings> settings,
    IOptions<JsonOptions> json,
    TimeProvider time,
    ILogger<CallbackSender> logger) : BackgroundService
{
    public const string ClientName = "callbacks";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _slots = new(64);

    public override void Dispose()
    {
        _slots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var told in ledger.Events.ReadAllAsync(stoppingToken))
        {
            if (settings.Value.Url is not null)
            {
                _ = TellAsync(told, stoppingToken);
            }
        }
    }

    private async Task TellAsync(ChargeEvent told, CancellationToken stoppingToken)
    {
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(told, json.Value.SerializerOptions);
            if (FaultSwitches.Happens(faults.Current.LateCallbackRate))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(faults.Current.LateCallbackMs), time, stoppingToken);
            }

            if (FaultSwitches.Happens(faults.Current.DuplicateCallbackRate))
            {
                await Task.WhenAll(SendAsync(told, body, stoppingToken), SendAsync(told, body, stoppingToken));
            }

            for (var pause = FirstPause; !await SendAsync(told, body, stoppingToken); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                await Task.Delay(pause, time, stoppingToken);
            }

            await ledger.RunAsync(book => book.Delivered(told.Id));
        }
        catch (Exception failure)
        {
            // The simulator ends.
            LogAfterRestart(logger, told.Id, failure.Message);
        }
    }

    private async Task<bool> SendAsync(ChargeEvent told, byte[] body, CancellationToken stoppingToken)
    {
        await _slots.WaitAsync(stoppingToken);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, settings.Value.Url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("Provider-Signature", Sign(body));
            using var answer = await client.SendAsync(request, stoppingToken);
            if (!answer.IsSuccessStatusCode)
            {
                LogRefused(logger, told.Id, (int)answer.StatusCode);
            }

            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
        {
            LogUnanswered(logger, told.Id, failure.Message);
            return false;
        }
        finally
        {
            _slots.Release();
        }
    }

    private string Sign(byte[] body)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{seconds}."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Value.Key!), signed))}";
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The callback of event {Event} is sent after the next start ({Reason})")]
    private static partial void LogAfterRestart(ILogger logger, string @event, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The callback of event {Event} was answered with {Status}; it will be sent again")]
    private static partial void LogRefused(ILogger logger, string @event, int status);

    [LoggerMessage(Level = LogLevel.Information, Message = "The callback of event {Event} was not answered ({Reason}); it will be sent again")]
    private static partial void LogUnanswered(ILogger logger, string @event, string reason);
}
