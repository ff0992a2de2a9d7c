using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trellis.Messaging.Registration;

namespace Trellis.Messaging.Contracts;

/// <summary>Writes what the build compares with a service's Contract/ folder (eng/Contracts/Contracts.targets).</summary>
internal static class ContractFiles
{
    /// <summary>The environment variable by which the build says where to.</summary>
    public const string FolderVariable = "TRELLIS_CONTRACT_FOLDER";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>asyncapi.json</c>, and <c>{record}.schema.json</c> for each message that is the service's own: its type begins with the service's name.</summary>
    public static void WriteIfAsked(string application, MessageRegistry registry)
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            Write(folder, application, registry);
        }
    }

    public static void Write(string folder, string application, MessageRegistry registry)
    {
        var documentation = new RecordDocumentation();
        Directory.CreateDirectory(folder);
        Write(folder, "asyncapi.json", AsyncApiDocument.Of(application, registry, documentation));
        var own = application.ToLowerInvariant() + ".";
        foreach (var message in registry.Published.Concat(registry.Handled).Where(message => message.Name.StartsWith(own, StringComparison.Ordinal)))
        {
            var schema = MessageSchema.Of(message.Type, documentation);
            schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
            Write(folder, $"{message.Type.Name}.schema.json", schema);
        }
    }

    private static void Write(string folder, string name, JsonObject document) =>
        File.WriteAllText(Path.Combine(folder, name), document.ToJsonString(Readable) + "\n");
}
