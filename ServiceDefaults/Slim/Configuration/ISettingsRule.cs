namespace Trellis.ServiceDefaults.Configuration;

/// <summary>A rule on settings that depends on more than one of them, or on what else the service has.</summary>
internal interface ISettingsRule
{
    /// <summary>What is wrong, one sentence a setting, each beginning with the environment variable.</summary>
    IEnumerable<string> Failures();
}
