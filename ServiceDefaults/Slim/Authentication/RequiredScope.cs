namespace Trellis.ServiceDefaults.Authentication;

/// <summary>Of an endpoint: the scope that a caller's token must carry.</summary>
internal sealed record RequiredScope(string Scope);
