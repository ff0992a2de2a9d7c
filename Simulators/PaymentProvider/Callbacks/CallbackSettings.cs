using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.PaymentProvider.Callbacks;

/// <summary>Whom callbacks go to; configuration section <c>Callbacks</c>.</summary>
internal sealed class CallbackSettings
{
    public const string Section = "Callbacks";

    /// <summary>Where they go; nowhere, if it is empty.</summary>
    public Uri? Url { get; set; }

    /// <summary>The secret they are signed with.</summary>
    [PasswordPropertyText(true)]
    [Required(ErrorMessage = "must be the secret that callbacks are signed with")]
    [MinLength(16, ErrorMessage = "must have at least 16 characters")]
    public string? Key { get; set; }
}
