namespace Trellis.ServiceDefaults.Health;

/// <summary>The breakers of calls to other services, by destination.</summary>
internal interface IBreakerStates
{
    IReadOnlyDictionary<string, string> States { get; }
}
