using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Receipts.Lambda;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HttpEvent))]
[JsonSerializable(typeof(HttpAnswer))]
[JsonSerializable(typeof(LambdaRuntime.Failure))]
internal sealed partial class LambdaJson : JsonSerializerContext;
