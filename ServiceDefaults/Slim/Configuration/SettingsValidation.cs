using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.Configuration;

/// <summary>
/// Refuses to start with wrong settings, and names all of them at once. Runs before any other hosted service starts: nothing has
/// happened yet that would have to be undone.
/// </summary>
internal sealed class SettingsValidation(
    IServiceProvider services,
    IConfiguration configuration,
    IEnumerable<SettingsGroup> groups,
    IEnumerable<RequiredSetting> required,
    IEnumerable<ISettingsRule> rules) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var failures = groups.SelectMany(group => group.Failures(configuration, services))
            .Concat(required.Where(setting => string.IsNullOrWhiteSpace(configuration[setting.Key]))
                .Select(setting => $"{Setting.VariableOf(setting.Key)} is missing; it {setting.Meaning}."))
            .Concat(rules.SelectMany(rule => rule.Failures()))
            .ToList();
        return failures.Count == 0 ? Task.CompletedTask : Task.FromException(new InvalidSettingsException(failures));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
