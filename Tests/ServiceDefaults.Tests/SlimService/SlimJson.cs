using System.Text.Json.Serialization;

namespace Trellis.SlimService;

[JsonSerializable(typeof(Order))]
internal sealed partial class SlimJson : JsonSerializerContext;
