using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trellis.ServiceDefaults.Health;

/// <summary>How the readiness report is written, known when the service is built.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReadinessReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
