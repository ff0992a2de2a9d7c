namespace Aspire.Hosting.ApplicationModel;

/// <summary>Which environment variables references set.</summary>
[Flags]
public enum ReferenceEnvironmentInjectionFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The connection string, <c>ConnectionStrings__name</c>.</summary>
    ConnectionString = 1,

    /// <summary>The parts of the connection string, such as <c>NAME_HOST</c>.</summary>
    ConnectionProperties = 2,

    /// <summary>The addresses as .NET's service discovery reads them, <c>services__name__http__0</c>.</summary>
    ServiceDiscovery = 4,

    /// <summary>The addresses under simple names, <c>NAME_HTTP</c>.</summary>
    Endpoints = 8,

    /// <summary>All of them.</summary>
    All = ConnectionString | ConnectionProperties | ServiceDiscovery | Endpoints,
}
