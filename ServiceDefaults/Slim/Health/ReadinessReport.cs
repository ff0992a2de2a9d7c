using System.Text.Json.Serialization;

namespace Trellis.ServiceDefaults.Health;

/// <summary>What <c>/ready</c> answers. All but the status is for operators.</summary>
internal sealed record ReadinessReport(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyCollection<string>? WaitingFor = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Checks = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Breakers = null)
{
    [JsonIgnore]
    public bool IsReady => Status == "ready";

    public ReadinessReport WithoutDetails() => new(Status);
}
