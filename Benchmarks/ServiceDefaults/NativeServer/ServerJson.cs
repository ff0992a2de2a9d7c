using System.Text.Json.Serialization;

namespace Trellis.Benchmarks.Server;

[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class ServerJson : JsonSerializerContext;
