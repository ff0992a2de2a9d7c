using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Payments.Provider;

/// <summary>Where the payment provider is, and how its callbacks are believed; configuration section <c>Provider</c>.</summary>
internal sealed class ProviderSettings
{
    public const string Section = "Provider";

    /// <summary>The provider's address, below which its API begins with <c>/v1</c>.</summary>
    [HttpAddress(ErrorMessage = "must be the address of the payment provider, such as https://api.provider.example")]
    public string? Url { get; set; }

    /// <summary>The secret with which the provider signs its callbacks.</summary>
    [PasswordPropertyText(true)]
    [Required(ErrorMessage = "must not be left out")]
    [MinLength(16, ErrorMessage = "must have at least 16 characters")]
    public string? CallbackKey { get; set; }

    /// <summary>How far the time in a callback's signature may be from now.</summary>
    [TimeRange("00:00:01", "1.00:00:00", ErrorMessage = "must be from one second to one day")]
    public TimeSpan CallbackWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long callbacks are remembered. The provider must not send one again after that.</summary>
    [TimeRange("00:00:01", "3650.00:00:00", ErrorMessage = "must be from one second to 3650 days")]
    public TimeSpan RememberCallbacksFor { get; set; } = TimeSpan.FromDays(30);
}
