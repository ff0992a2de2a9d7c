namespace Trellis.ServiceDefaults.Configuration;

/// <summary>The service cannot start with the settings it was given. The message names every wrong or missing one, a line each.</summary>
/// <param name="failures">What is wrong, one sentence a setting, each beginning with the environment variable.</param>
public sealed class InvalidSettingsException(IReadOnlyList<string> failures)
    : Exception($"The service cannot start with these settings:{string.Concat(failures.Select(failure => $"{Environment.NewLine}- {failure}"))}")
{
    /// <summary>What is wrong, one sentence a setting, each beginning with the environment variable.</summary>
    public IReadOnlyList<string> Failures { get; } = failures;

    /// <summary>The message alone: where in the code the settings are read is of no use to whoever has to mend them.</summary>
    /// <returns>The message.</returns>
    public override string ToString() => Message;
}
