namespace Trellis.ServiceDefaults.Configuration;

/// <summary>A setting without which the service does not start.</summary>
internal sealed record RequiredSetting(string Key, string Meaning);
