using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Shop.Payments.Callbacks;

/// <summary>The charge in an event.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Reference">The order's id.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="Status">How far it is.</param>
/// <param name="AmountRefunded">How much of it was given back.</param>
/// <param name="DeclineReason">Why it was declined, if it was.</param>
internal sealed record ChargeOfEvent(
    [property: Description("The provider's id of the charge."), JsonRequired] string Id,
    [property: Description("The order's id."), JsonRequired] string Reference,
    [property: Description("In minor units: cents for EUR."), JsonRequired] long Amount,
    [property: Description("pending, succeeded or declined."), JsonRequired] string Status,
    [property: Description("How much of it was given back, in minor units.")] long AmountRefunded = 0,
    [property: Description("Why it was declined, if it was.")] string? DeclineReason = null);
