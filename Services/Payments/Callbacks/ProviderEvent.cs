using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Shop.Payments.Callbacks;

/// <summary>What the provider tells by a callback.</summary>
/// <param name="Id">The same each time it tells of it.</param>
/// <param name="Type">What has happened.</param>
/// <param name="Charge">The charge that it has happened to, as it was then.</param>
internal sealed record ProviderEvent(
    [property: Description("The same each time this event is told."), JsonRequired] string Id,
    [property: Description("What has happened: charge.succeeded, charge.declined or charge.refunded. Others are accepted and ignored."), JsonRequired] string Type,
    [property: Description("The charge that it has happened to, as it was then."), JsonRequired] ChargeOfEvent Charge);
