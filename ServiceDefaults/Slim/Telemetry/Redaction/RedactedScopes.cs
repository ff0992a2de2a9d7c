using Microsoft.Extensions.Logging;

namespace Trellis.ServiceDefaults.Telemetry.Redaction;

/// <summary>Redacts what loggers see of scopes, among them the request's path that the web host puts there.</summary>
internal sealed class RedactedScopes : IExternalScopeProvider
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
        _scopes.ForEachScope((scope, inner) => callback(Redacted(scope), inner), state);

    public IDisposable Push(object? state) => _scopes.Push(state);

    private static object? Redacted(object? scope) => scope switch
    {
        string text => PersonalData.Redact(text),
        IReadOnlyList<KeyValuePair<string, object?>> values => PersonalData.Redact(values),
        IEnumerable<KeyValuePair<string, object?>> values => PersonalData.Redact([.. values]),
        _ => scope,
    };
}
