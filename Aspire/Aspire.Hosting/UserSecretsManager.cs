using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting;

/// <summary>Reads and writes the AppHost's secrets.json as the secret manager of the .NET SDK does: flat, colon-separated keys.</summary>
internal sealed class UserSecretsManager
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _lock = new();

    public UserSecretsManager(Assembly? appHost)
    {
        var id = appHost?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId;
        FilePath = id is null ? string.Empty : PathHelper.GetSecretsPathFromSecretsId(id);
    }

    internal UserSecretsManager(string filePath) => FilePath = filePath;

    /// <summary>The user secrets of the application that is being built.</summary>
    public static UserSecretsManager Of(IDistributedApplicationBuilder builder) =>
        builder.Services.Select(service => service.ServiceType == typeof(UserSecretsManager) ? service.ImplementationInstance : null)
            .OfType<UserSecretsManager>().Last();

    /// <summary>Whether the AppHost has user secrets (it names a UserSecretsId).</summary>
    public bool IsAvailable => FilePath.Length > 0;

    /// <summary>The file; empty without user secrets.</summary>
    public string FilePath { get; }

    /// <summary>Writes a secret to the file; false where that cannot be done.</summary>
    public bool TrySetSecret(string name, string value) => TryChange(secrets => secrets[name] = value);

    /// <summary>Removes a secret from the file; false where that cannot be done.</summary>
    public bool TryRemoveSecret(string name) => TryChange(secrets => secrets.Remove(name));

    private bool TryChange(Action<JsonObject> change)
    {
        if (!IsAvailable)
        {
            return false;
        }

        lock (_lock)
        {
            try
            {
                var secrets = File.Exists(FilePath) && JsonNode.Parse(File.ReadAllText(FilePath)) is JsonObject existing ? existing : [];
                change(secrets);
                Write(secrets.ToJsonString(Indented));
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
            {
                return false;
            }
        }
    }

    /// <summary>Writes to a file beside it and renames, so that a kill leaves the old secrets or the new ones.</summary>
    private void Write(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        var temporary = $"{FilePath}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(content);
        }

        File.Move(temporary, FilePath, overwrite: true);
    }
}
